using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Graph.Routing;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Hosting;

/// <summary>
/// Reads a few presences before anybody is let in, so that the first caller does not wait for the compiler: the same
/// pipeline, with a caller and counters of its own, into a stream that forgets. Nothing of it is counted, noted or
/// seen. What is not gone through is the connection, which belongs to the framework, and the signature of
/// a token, for which there may be no key yet.
/// </summary>
internal static class WarmUp
{
    /// <summary>Each path goes once for the compiler, and again for what the first time put together.</summary>
    private const int Passes = 2;

    /// <summary>People that the bulk read is asked for.</summary>
    private const int PeopleMax = 20;

    private const string Version = "/v1.0";

    /// <summary>A token that is well-formed and nobody's: the header says RS256, the claims are empty.</summary>
    private const string StrangersToken = "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6Indhcm0ifQ.e30.AA";

    /// <summary>Goes through the reads; the statuses that they were answered with.</summary>
    public static async Task<IReadOnlyList<int>> RunAsync(GraphServer server)
    {
        var quiet = new GraphServer
        {
            Options = server.Options,
            Time = server.Time,
            Node = server.Node,
            Authenticator = server.Authenticator,
            Throttle = new Throttle(server.Options.ThrottleRequestsPer30Seconds, server.Time),
            ReceiverPolicy = server.ReceiverPolicy,
            Handshake = server.Handshake,
            Photos = server.Photos,
            Roots = server.Roots,
            Log = server.Log,
        };
        var graph = new GraphPipeline(quiet, GraphRoutes.Tree);
        var (people, tenantId) = Some(server.Board);
        var caller = new Caller(
            tenantId,
            null,
            Guid.Empty,
            CallerKind.Application,
            [],
            [.. Enumerable.Repeat(Access.Everyone, Enum.GetValues<Operation>().Length)],
            DateTimeOffset.MaxValue
        );
        var ids = JsonSerializer.SerializeToUtf8Bytes(new { ids = people });
        (string Path, byte[]? Body)[] reads =
        [
            ($"/users/{people[0]}/presence", null),
            ($"/communications/presences/{people[0]}", null),
            ("/communications/getPresencesByUserId", ids),
        ];
        var statuses = new List<int>();
        for (var pass = 0; pass < Passes; pass++)
        {
            foreach (var (path, body) in reads)
            {
                statuses.Add(await SendAsync(graph, caller, path, body));
            }
            await server.Authenticator.AuthenticateAsync(StrangersToken, CancellationToken.None);
        }
        return statuses;
    }

    /// <summary>People of one tenant; somebody whom nobody knows when there are none.</summary>
    private static (Guid[] People, Guid TenantId) Some(PresenceBoard board)
    {
        var people = new List<Guid>();
        var tenantId = Guid.Empty;
        for (var row = 0; row < Math.Min(board.Rows.Count, PeopleMax); row++)
        {
            var person = board.Rows[row];
            if (person.Id == Guid.Empty)
            {
                continue;
            }
            tenantId = people.Count == 0 ? board.Tenants.IdOf(person.Tenant) : tenantId;
            people.Add(person.Id);
        }
        return people.Count == 0 ? ([Guid.NewGuid()], tenantId) : ([.. people], tenantId);
    }

    private static async Task<int> SendAsync(GraphPipeline graph, Caller caller, string path, byte[]? body)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = body is null ? HttpMethods.Get : HttpMethods.Post;
        http.Request.Scheme = "http";
        http.Request.Host = new HostString("localhost");
        http.Request.Path = Version + path;
        http.Response.Body = Stream.Null;
        if (body is not null)
        {
            http.Request.ContentType = "application/json";
            http.Request.ContentLength = body.Length;
            http.Request.Body = new MemoryStream(body);
        }
        await graph.InvokeAsync(http, isBeta: false, Version.Length, caller);
        return http.Response.StatusCode;
    }
}
