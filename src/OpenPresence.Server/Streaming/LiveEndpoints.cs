using System.Diagnostics.CodeAnalysis;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Graph.Presences;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Journal;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Streaming;

/// <summary>Tells of presence as it changes, as server-sent events.</summary>
/// <remarks>
/// <para>Route: GET /live/presences; POST /live/tickets</para>
/// <para>Permissions: as GET /communications/presences; with Presence.Read alone the stream tells of the person
/// who signed in.</para>
/// <para>Body: none. Query: ids (1 to 650 GUIDs, else every person), state (default true), lastEventId, ticket.</para>
/// <para>Answers: 200 text/event-stream; 400 naming the parameter at fault; 401; 403; 405; 429; 503 when as many
/// streams are open as may be.</para>
/// <para>Source: docs/live.md</para>
/// </remarks>
public sealed class LiveEndpoints(GraphServer server, LiveFanOut fanOut, LiveTickets tickets)
{
    private const string Presences = "/live/presences";
    private const string Tickets = "/live/tickets";
    private const int FullRetryAfterSeconds = 5;

    /// <summary>Answers a request for one of the two paths.</summary>
    public bool TryAnswer(HttpContext http, [NotNullWhen(true)] out Task? answer)
    {
        var path = http.Request.Path.Value;
        answer =
            Is(path, Presences) ? AnswerAsync(http, HttpMethods.Get, StreamAsync)
            : Is(path, Tickets) ? AnswerAsync(http, HttpMethods.Post, IssueAsync)
            : null;
        return answer is not null;
    }

    /// <summary>Ends what a change of the directory ends: nobody is told longer than they may read.</summary>
    public void Observe(DirectoryChange change)
    {
        Func<Caller, bool>? whose = change switch
        {
            PersonUpserted { Person: { AccountEnabled: false, Id: var id } } => caller => caller.UserId == id,
            PersonRemoved { Id: var id } => caller => caller.UserId == id,
            ApplicationRemoved { ClientId: var id } => caller => caller.ApplicationId == id,
            _ => null,
        };
        if (whose is not null)
        {
            End(LiveEnd.TokenRevoked, whose);
        }
    }

    /// <summary>Ends the streams of who is no longer there, when another state took the place of all.</summary>
    public void EndStrangers() => End(LiveEnd.TokenRevoked, IsStranger);

    private bool IsStranger(Caller caller) =>
        !server.Directory.TryGetTenant(caller.TenantId, out _)
        || (
            caller.UserId is { } person
            && !(server.Board.TryGetTenantOf(person, out var home) && home == caller.TenantId)
        );

    /// <summary>Whether the token of a ticket has been ended since; null: it is good.</summary>
    private Refusal? Judge(Caller holder) =>
        holder.ExpiresAt <= server.Time.GetUtcNow() ? TokenRefusals.Expired
        : server.Authenticator.Denials.Of(holder) is { } denied ? denied
        : IsStranger(holder) ? TokenRefusals.Person
        : holder.UserId is { } id && server.Directory.TryGetPerson(id, out var person) && !person.AccountEnabled
            ? TokenRefusals.PersonDisabled
        : holder.IsOfDirectory
        && holder.ApplicationId != PageApplication.Id
        && !server.Directory.TryGetApplication(holder.ApplicationId, out _)
            ? TokenRefusals.Application
        : null;

    /// <summary>Ends the streams of some callers; their tickets are judged anew when they are used.</summary>
    public void End(LiveEnd why, Func<Caller, bool> whose) => fanOut.End(why, whose);

    private async Task AnswerAsync(HttpContext http, string method, Func<GraphCall, ValueTask<Refusal?>> handle)
    {
        var call = new GraphCall(http, server, isBeta: false)
        {
            Cloud = Clouds.OfHost(http.Request.Host.Host, server.Options.Cloud),
        };
        ResponseFrame.Begin(call);
        var allow = $"{method}, OPTIONS";
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            ResponseFrame.AnswerOptions(call, allow);
            return;
        }
        var refusal =
            http.Request.Method != method ? new Refusal(RefusalKind.MethodNotAllowed) { Allow = allow }
            : CloudSet.Presence.Has(call.Cloud) ? await handle(call)
            : new Refusal(RefusalKind.UnknownSegment, "live");
        if (refusal is not null)
        {
            await ErrorEnvelope.WriteAsync(call, refusal);
        }
    }

    private async ValueTask<Refusal?> IssueAsync(GraphCall call)
    {
        if (await AdmitAsync(call, ticket: null) is { } refusal)
        {
            return refusal;
        }
        var ticket = await tickets.IssueAsync(call.Caller, call.Http.RequestAborted);
        JsonAnswer.Write(
            call,
            context: null,
            json =>
            {
                json.WriteString("ticket", ticket);
                json.WriteNumber("expiresInSeconds", LiveLimits.TicketSeconds);
            }
        );
        return null;
    }

    private async ValueTask<Refusal?> StreamAsync(GraphCall call)
    {
        if (LiveQuery.Parse(call.Http.Request, out var query) is { } unread)
        {
            return unread;
        }
        if (await AdmitAsync(call, query.Ticket) is { } refusal)
        {
            return refusal;
        }
        if (!TryNarrow(call, query.Ids, out var ids))
        {
            return PermissionTable.Built.Forbid(
                Operation.ListCommunicationsPresences,
                call.Caller.Kind,
                Access.Everyone
            );
        }
        if (!server.Board.Tenants.TryGet(call.Caller.TenantId, out var tenant))
        {
            return Full("Nobody of the tenant is known yet.");
        }
        await CatchUpAsync(query.After, call.Http.RequestAborted);
        var scope = new LiveScope(call.Caller, tenant, ids, PresenceSelection.SchemaOf(call.Cloud));
        var stream = new LiveStream(scope, call.Http.Abort);
        if (!fanOut.TryOpen(stream, query.After, out var now))
        {
            return Full("As many streams are open as may be.");
        }
        try
        {
            await WriteAsync(call.Http, stream, query, now);
        }
        finally
        {
            fanOut.Close(stream);
        }
        return null;
    }

    private async Task WriteAsync(HttpContext http, LiveStream stream, LiveQuery query, LivePlace now)
    {
        var response = http.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx would hold events back
        await using var left = http.RequestAborted.UnsafeRegister(
            state => ((LiveStream)state!).End(LiveEnd.Gone),
            stream
        );
        try
        {
            await new LivePump(fanOut, stream, response.BodyWriter, http.RequestAborted).RunAsync(
                query.After ?? now,
                query.After is null && query.TellsState
            );
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested) { }
        catch (Exception bug)
        {
            server.Log.LogError(bug, "A live stream met a bug.");
            http.Abort();
        }
    }

    /// <summary>Who calls, by token or ticket; whether they may read presence; whether they come too often.</summary>
    private async ValueTask<Refusal?> AdmitAsync(GraphCall call, string? ticket)
    {
        AuthResult authentication;
        if (ticket is null)
        {
            authentication = await server.Authenticator.AuthenticateAsync(
                call.Http.Request.Headers.Authorization,
                call.Http.RequestAborted
            );
        }
        else
        {
            var holder = await tickets.TakeAsync(ticket, call.Http.RequestAborted);
            authentication =
                holder is null ? TokenRefusals.Malformed
                : Judge(holder) is { } ended ? ended
                : holder;
        }
        if (authentication.Refusal is { } unknown)
        {
            return unknown;
        }
        call.Caller = authentication.Caller!;
        call.Access = call.Caller.AccessTo(Operation.ListCommunicationsPresences);
        if (call.Access == Access.None)
        {
            return call.Caller.Kind == CallerKind.DelegatedPersonal
                ? new Refusal(RefusalKind.PersonalAccount)
                : PermissionTable.Built.Forbid(Operation.ListCommunicationsPresences, call.Caller.Kind);
        }
        var wait = server.Throttle.Count(call.Caller.ApplicationId, call.Caller.TenantId);
        return wait > 0 ? new Refusal(RefusalKind.Throttled) { RetryAfterSeconds = wait } : null;
    }

    /// <summary>
    /// A place that another node told of may lie some milliseconds ahead of this one, which would take it for the place of
    /// another server and tell everything anew.
    /// </summary>
    private async ValueTask CatchUpAsync(LivePlace? after, CancellationToken cancel)
    {
        if (after is not { Position: var position } || server.Node.State.Position >= position)
        {
            return;
        }
        using var patience = new CancellationTokenSource(LiveLimits.CatchUpMax, server.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            await server.Node.ReachAsync(position, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { }
        catch (JournalUnavailableException) { }
    }

    /// <summary>Whom the caller may be told of, of those asked for; false: others were asked for.</summary>
    private static bool TryNarrow(GraphCall call, Guid[]? asked, out Guid[]? ids)
    {
        ids = asked;
        if (call.Access == Access.Everyone)
        {
            return true;
        }
        ids = [call.Caller.UserId!.Value];
        return asked is null || asked.AsSpan().SequenceEqual(ids);
    }

    private static Refusal Full(string message) =>
        new(RefusalKind.ServiceUnavailable, message) { RetryAfterSeconds = FullRetryAfterSeconds };

    private static bool Is(string? path, string own) => own.Equals(path, StringComparison.OrdinalIgnoreCase);
}
