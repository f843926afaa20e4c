using System.Text.Json;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Batch;

/// <summary>
/// Reads the body of a batch and judges it by the batch's own rules; what is wrong with a single request beyond
/// them is that request's answer. Everything that is wrong is named in <c>error.details</c>; the messages are
/// Graph's where one is known: for the 21st request, an id that stands twice, a write without a body, and
/// "Invalid batch payload format." for what no better message is known of.
/// </summary>
public static class BatchBody
{
    /// <summary>Requests of one batch (json-batching page, D).</summary>
    public const int RequestsMax = 20;

    /// <summary>What stands around a request's body: the batch, the array, the request.</summary>
    private const int DepthAround = 3;

    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = DepthAround + ActionBody.DepthMax,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads the body of a call: the requests, or why the batch is refused.</summary>
    public static async ValueTask<(IReadOnlyList<BatchRequest> Requests, Refusal? Refusal)> ReadAsync(GraphCall call)
    {
        using var read = await BodyReader.ReadAsync(call.Http.Request, call.Http.RequestAborted);
        if (read.Refusal is not null)
        {
            return ([], read.Refusal);
        }
        var faults = new BatchFaults();
        var requests = Read(call, read.Bytes, faults);
        return (requests, faults.Refusal);
    }

    private static List<BatchRequest> Read(GraphCall call, ReadOnlyMemory<byte> bytes, BatchFaults faults)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, Options);
            return Read(call, document.RootElement, faults);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The second is thrown for half a surrogate pair in a name or a text.
            faults.Add("", "The body is not valid JSON, or a member stands in it twice.");
            return [];
        }
    }

    private static List<BatchRequest> Read(GraphCall call, JsonElement root, BatchFaults faults)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("requests", out var items)
            || items.ValueKind != JsonValueKind.Array
            || items.GetArrayLength() == 0
        )
        {
            faults.Add("requests", "Must be an array of at least one request.");
            return [];
        }
        if (items.GetArrayLength() > RequestsMax)
        {
            faults.TooMany();
            return [];
        }
        var requests = new List<BatchRequest>(items.GetArrayLength());
        var (authorization, origins) = (call.Http.Request.Headers.Authorization.ToString(), BatchOrigins.Of(call));
        foreach (var item in items.EnumerateArray())
        {
            var reader = new BatchRequestReader(faults, $"requests[{requests.Count}]", authorization, origins);
            requests.Add(reader.Read(item));
        }
        BatchOrder.Check(requests, faults);
        return requests;
    }
}
