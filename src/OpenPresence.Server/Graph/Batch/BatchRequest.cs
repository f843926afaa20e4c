using System.Collections.Immutable;

namespace OpenPresence.Server.Graph.Batch;

/// <summary>One request of a batch, checked as far as the batch's own rules go.</summary>
/// <param name="Id">Names it in the answer; unique in the batch without regard to case.</param>
/// <param name="Method">In capitals.</param>
/// <param name="Url">Path and query after the version, without a slash in front.</param>
public sealed record BatchRequest(string Id, string Method, string Url)
{
    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The body as it would come over a connection; empty: none.</summary>
    public byte[] Body { get; init; } = [];

    /// <summary>The ids of the requests that must have succeeded before.</summary>
    public ImmutableArray<string> DependsOn { get; init; } = [];

    /// <summary>A header's value; null: it is not there.</summary>
    public string? Header(string name)
    {
        foreach (var header in Headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }
        return null;
    }
}
