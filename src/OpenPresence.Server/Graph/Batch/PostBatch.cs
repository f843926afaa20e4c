using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Batch;

/// <summary>
/// Carries out up to 20 requests that come in one. Each goes through the same pipeline as a request of its own,
/// in process: it has its own permission check, counts against the limit by itself, and is answered by its own
/// status. What they share is the caller: the token is judged once, for the batch.
/// </summary>
/// <remarks>
/// <para>Route: POST /$batch</para>
/// <para>Permissions: those of each request; none for the batch.</para>
/// <para>Body: requests[] { id, method, url (relative, with or without a slash, or below this server's own address or
/// Graph's), headers, body (JSON, or base64 of anything else), dependsOn[] }, at most 20.</para>
/// <para>Answers: 200 responses[] { id, status, headers, body } in the order of the requests, 424 for those whose
/// dependencies failed; 400 for the whole when it is malformed: more than 20 requests, an id that stands twice, an
/// unknown or circular dependency, an address of another host, a batch within, a write without body and Content-Type; 401;
/// 413; 415.</para>
/// <para>Source: https://learn.microsoft.com/graph/json-batching</para>
/// </remarks>
public static class PostBatch
{
    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        var (requests, refusal) = await BatchBody.ReadAsync(call);
        if (refusal is not null)
        {
            // Its requests are counted one by one; a batch without any that could be counts as one itself.
            var wait = call.Server.Throttle.Count(call.Caller.ApplicationId, call.Caller.TenantId);
            return wait > 0 ? new Refusal(RefusalKind.Throttled) { RetryAfterSeconds = wait } : refusal;
        }
        await BatchAnswer.WriteAsync(call, await BatchRun.RunAsync(call, requests));
        return null;
    }
}
