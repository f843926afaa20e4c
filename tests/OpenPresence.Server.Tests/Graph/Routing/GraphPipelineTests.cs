using System.Text;
using Microsoft.AspNetCore.Http;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Graph.Routing;

namespace OpenPresence.Server.Tests.Graph.Routing;

public sealed class GraphPipelineTests
{
    private const string Inside = "the inside of the program";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_bug_is_a_500_that_says_nothing_of_its_inside(bool isSynchronous)
    {
        await using var server = await RunningServer.StartAsync();
        var http = await RequestAsync(server);
        await PipelineOf(server, isSynchronous).InvokeAsync(http, isBeta: false, "/v1.0".Length);

        http.Response.Body.Position = 0;
        var body = await new StreamReader(http.Response.Body, Encoding.UTF8).ReadToEndAsync(
            TestContext.Current.CancellationToken
        );
        var requestId = http.Response.Headers["request-id"].ToString();
        Assert.Equal(StatusCodes.Status500InternalServerError, http.Response.StatusCode);
        Assert.StartsWith("{\"error\":{\"code\":\"InternalServerError\"", body);
        Assert.Contains($"\"request-id\":\"{requestId}\"", body);
        Assert.DoesNotContain(Inside, body);
        Assert.Contains(server.Log.All, line => line.Contains(Inside) && line.Contains(requestId));
    }

    private static GraphPipeline PipelineOf(RunningServer server, bool isSynchronous)
    {
        var route = new GraphRoute(
            HttpMethods.Get,
            "/me/presence",
            Operation.GetMyPresence,
            Subject.Me,
            CloudSet.All,
            isSynchronous ? _ => throw new InvalidOperationException(Inside) : ThrowLaterAsync,
            "https://learn.microsoft.com/graph/api/presence-get"
        );
        return new GraphPipeline(server.Graph, new RouteTree([route]));
    }

    private static async ValueTask<Refusal?> ThrowLaterAsync(GraphCall call)
    {
        await Task.Yield();
        throw new InvalidOperationException(Inside);
    }

    private static async Task<DefaultHttpContext> RequestAsync(RunningServer server)
    {
        var token = await server.PersonTokenAsync(RunningServer.Someone, "Presence.Read");
        var http = new DefaultHttpContext();
        http.Request.Method = HttpMethods.Get;
        http.Request.Path = "/v1.0/me/presence";
        http.Request.Host = new HostString("localhost");
        http.Request.Headers.Authorization = $"Bearer {token}";
        http.Response.Body = new MemoryStream();
        return http;
    }
}
