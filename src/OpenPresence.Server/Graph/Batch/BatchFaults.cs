using System.Globalization;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Batch;

/// <summary>What is wrong with a batch, collected.</summary>
public sealed class BatchFaults
{
    /// <summary>COMPAT(graph): said of every malformed batch that has no message of its own (R).</summary>
    private const string Format = "Invalid batch payload format.";

    private readonly List<RefusalDetail> details = [];
    private string message = Format;
    private bool isTooMany;

    public bool IsEmpty => details.Count == 0;

    /// <summary>Adds a fault that Graph has no message of its own for.</summary>
    public void Add(string place, string what) => Add(place, what, Format);

    /// <summary>Adds a fault; the first one's message becomes the error's.</summary>
    public void Add(string place, string what, string graphSays)
    {
        if (details.Count == 0)
        {
            message = graphSays;
        }
        details.Add(new(place.Length == 0 ? "body" : place, what));
    }

    public void TooMany()
    {
        isTooMany = true;
        Add("requests", $"At most {BatchBody.RequestsMax} requests make a batch.");
    }

    /// <summary>The refusal that names every fault; null: there was none.</summary>
    public Refusal? Refusal =>
        details.Count == 0 ? null
        : isTooMany
            ? new Refusal(RefusalKind.BatchTooLong, BatchBody.RequestsMax.ToString(CultureInfo.InvariantCulture))
        : new Refusal(RefusalKind.BadRequest, message) { Details = details };
}
