using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Batch;

/// <summary>
/// Runs the requests of a batch: all that depend on nothing at once, so that writes share a flush of the journal,
/// each of the others when those before it are answered. A request here is a request like any other, on a context in
/// memory; the tempting wrong change is to call the slices directly, past permissions, limit and errors.
/// </summary>
internal static class BatchRun
{
    /// <summary>What the bodies of all answers may hold together, in bytes.</summary>
    public const int AnswerBytesMax = 16 * 1024 * 1024;

    /// <summary>Decided by the batch, or by the connection: not for a request inside to say.</summary>
    private static readonly string[] NotTaken =
    [
        "Authorization",
        "Host",
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
    ];

    /// <summary>The answers, in the order of the requests.</summary>
    public static async Task<IReadOnlyList<(BatchRequest Request, ItemAnswer Answer)>> RunAsync(
        GraphCall batch,
        IReadOnlyList<BatchRequest> requests
    )
    {
        var room = new AnswerRoom(AnswerBytesMax);
        var running = new Dictionary<string, Task<ItemAnswer>>(StringComparer.OrdinalIgnoreCase);
        foreach (var request in BatchOrder.Of(requests))
        {
            Task<ItemAnswer>[] before = [.. request.DependsOn.Select(id => running[id])];
            running.Add(request.Id, RunAsync(batch, request, before, room));
        }
        await Task.WhenAll(running.Values);
        var answers = new List<(BatchRequest, ItemAnswer)>(requests.Count);
        foreach (var request in requests)
        {
            answers.Add((request, await running[request.Id]));
        }
        return answers;
    }

    private static async Task<ItemAnswer> RunAsync(
        GraphCall batch,
        BatchRequest request,
        Task<ItemAnswer>[] before,
        AnswerRoom room
    )
    {
        foreach (var answer in await Task.WhenAll(before))
        {
            if (answer.StatusCode >= StatusCodes.Status400BadRequest)
            {
                return await RefuseAsync(batch, request, new(RefusalKind.FailedDependency));
            }
        }
        var own = new ItemAnswer(room, batch.Http.RequestAborted);
        var http = ContextOf(batch, request, own);
        await batch.Entry(http, batch.IsBeta, VersionOf(batch).Length, batch.Caller);
        return own switch
        {
            { IsTooLarge: true } => await RefuseAsync(
                batch,
                request,
                new Refusal(RefusalKind.AnswerTooLarge, AnswerBytesMax.ToString())
            ),
            { IsAborted: true } => await RefuseAsync(
                batch,
                request,
                new Refusal(RefusalKind.ServiceUnavailable, "The answer broke off.")
            ),
            _ => own,
        };
    }

    /// <summary>An answer that the batch gives in place of the request's own.</summary>
    private static async Task<ItemAnswer> RefuseAsync(GraphCall batch, BatchRequest request, Refusal refusal)
    {
        var answer = new ItemAnswer(new AnswerRoom(AnswerBytesMax), batch.Http.RequestAborted);
        var http = ContextOf(batch, request, answer);
        var call = new GraphCall(http, batch.Server, batch.IsBeta) { Cloud = batch.Cloud };
        ResponseFrame.Begin(call);
        await ErrorEnvelope.WriteAsync(call, refusal);
        return answer;
    }

    private static DefaultHttpContext ContextOf(GraphCall batch, BatchRequest request, ItemAnswer answer)
    {
        var outer = batch.Http.Request;
        var http = new DefaultHttpContext(answer.Features);
        var inner = http.Request;
        var parts = request.Url.Split('?', 2);
        inner.Method = request.Method;
        inner.Scheme = outer.Scheme;
        inner.Host = outer.Host;
        inner.Protocol = outer.Protocol;
        inner.Path = PathString.FromUriComponent($"{VersionOf(batch)}/{parts[0]}");
        inner.QueryString = parts.Length > 1 ? new QueryString("?" + parts[1]) : default;
        foreach (var (name, value) in request.Headers)
        {
            if (!NotTaken.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                inner.Headers[name] = value;
            }
        }
        inner.Body = new MemoryStream(request.Body, writable: false);
        http.Features.Set<IRequestBodyPipeFeature>(new BodyInMemory(request.Body));
        inner.ContentLength = request.Body.Length;
        return http;
    }

    private static string VersionOf(GraphCall batch) => batch.IsBeta ? "/beta" : "/v1.0";

    private sealed class BodyInMemory(byte[] body) : IRequestBodyPipeFeature
    {
        public PipeReader Reader { get; } = PipeReader.Create(new ReadOnlySequence<byte>(body));
    }
}
