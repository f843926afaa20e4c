namespace OpenPresence.Server.Graph;

/// <summary>What is wrong with a body that should name people.</summary>
public enum IdFault : byte
{
    None,

    /// <summary>Not JSON.</summary>
    Malformed,

    /// <summary>JSON, but no object.</summary>
    NotAnObject,

    /// <summary>No member <c>ids</c>.</summary>
    Missing,

    /// <summary>More than one member <c>ids</c>.</summary>
    Repeated,

    /// <summary><c>ids</c> is no array.</summary>
    NotAnArray,

    /// <summary><c>ids</c> has no element.</summary>
    Empty,

    /// <summary>An element is no GUID in the form 8-4-4-4-12.</summary>
    NotAGuid,

    /// <summary>More distinct ids, or more elements, than one request may have.</summary>
    TooMany,
}

/// <summary>What a scan found.</summary>
/// <param name="Fault">None, or what is wrong.</param>
/// <param name="Count">How many ids stand in the buffer; 0 with a fault.</param>
/// <param name="FaultAt">With <see cref="IdFault.NotAGuid"/>: which element, from 0.</param>
public readonly record struct IdScan(IdFault Fault, int Count, int FaultAt);

/// <summary>
/// Reads the ids of <c>{"ids":["…","…"]}</c>, the body of getPresencesByUserId, in the order they stand.
///
/// Two paths with one result. Nearly every client sends the regular form: one member, each id 36 plain
/// characters between quotes. <see cref="TryRegular"/> reads that form with vectors and gives up at the
/// first byte that it does not expect; then the plain path, a JSON reader, starts again from the first
/// byte and alone decides what is wrong. So only the plain path knows faults, and it is the oracle of
/// the property test. The tempting merge, resuming where the fast path stopped, would need two sets of
/// rules that agree.
///
/// An id may stand in several places; it is answered in each (the places are the caller's, so is the
/// order), and counts once towards the 650. Member names are read in any letter case; members beside
/// <c>ids</c> are skipped, as clients add annotations.
/// </summary>
public static class IdScanner
{
    /// <summary>Distinct ids in one request. Source: Graph's page of getPresencesByUserId (grade D).</summary>
    public const int IdsMax = 650;

    /// <summary>Elements in one request, repeated ids included; ours, so that a buffer has a size.</summary>
    public const int ElementsMax = 2 * IdsMax;

    /// <summary>In place of a text's position: write the id yourself, the text is not as we write it.</summary>
    public const int NoText = -1;

    /// <summary>Reads a body.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="ids">Room for <see cref="ElementsMax"/> ids.</param>
    /// <param name="textAt">
    /// Room for as many positions: where in the body each id's 36 characters stand in the form that we
    /// write, lower case; or <see cref="NoText"/>.
    /// </param>
    public static IdScan Scan(ReadOnlySpan<byte> body, Span<Guid> ids, Span<int> textAt) =>
        TryRegular(body, ids[..IdsMax], textAt[..IdsMax], out int count)
            ? new IdScan(IdFault.None, count, 0)
            : IdScannerPlain.Scan(body, ids[..ElementsMax], textAt[..ElementsMax]);

    /// <summary>Reads the regular form with at most 650 ids; false: it is something else.</summary>
    internal static bool TryRegular(ReadOnlySpan<byte> body, Span<Guid> ids, Span<int> textAt, out int count)
    {
        count = 0;
        int at = 0;
        if (!Skip(body, ref at, "{"u8) || !Skip(body, ref at, "\"ids\""u8))
        {
            return false;
        }

        if (!Skip(body, ref at, ":"u8) || !Skip(body, ref at, "["u8))
        {
            return false;
        }

        do
        {
            if (
                count == ids.Length
                || !Skip(body, ref at, "\""u8)
                || body.Length - at <= GuidText.Length
                || !GuidText.TryParse(body[at..], out ids[count], out bool isCanonical)
                || body[at + GuidText.Length] != '"'
            )
            {
                return false;
            }

            textAt[count++] = isCanonical ? at : NoText;
            at += GuidText.Length + 1;
        } while (Skip(body, ref at, ","u8));

        return Skip(body, ref at, "]"u8) && Skip(body, ref at, "}"u8) && IsEnd(body, at);
    }

    /// <summary>Steps over white space and <paramref name="token"/>, if it comes next.</summary>
    private static bool Skip(ReadOnlySpan<byte> body, ref int at, ReadOnlySpan<byte> token)
    {
        SkipWhiteSpace(body, ref at);
        if (!body[at..].StartsWith(token))
        {
            return false;
        }

        at += token.Length;
        return true;
    }

    private static bool IsEnd(ReadOnlySpan<byte> body, int at)
    {
        SkipWhiteSpace(body, ref at);
        return at == body.Length;
    }

    private static void SkipWhiteSpace(ReadOnlySpan<byte> body, ref int at)
    {
        while (at < body.Length && body[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }
    }
}
