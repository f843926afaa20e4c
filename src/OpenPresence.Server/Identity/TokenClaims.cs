using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace OpenPresence.Server.Identity;

/// <summary>Reads claims as issuers really write them: numbers as strings, lists as words, one or many.</summary>
internal static class TokenClaims
{
    /// <summary>The last second of the year 9999.</summary>
    private const long UnixSecondsMax = 253_402_300_799;

    /// <summary>The text of the first of those claims that is there; null: none, or it is no text.</summary>
    public static string? Text(JsonElement payload, ImmutableArray<ClaimPath> paths) =>
        TryFind(payload, paths, out var claim) ? Text(claim) : null;

    /// <summary>The text of a member of that name.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) ? Text(member) : null;

    public static bool Has(JsonElement payload, ImmutableArray<ClaimPath> paths) => TryFind(payload, paths, out _);

    /// <summary>The words of a string or the strings of an array; of anything else none.</summary>
    public static IReadOnlyList<string> Words(JsonElement payload, ImmutableArray<ClaimPath> paths)
    {
        if (!TryFind(payload, paths, out var claim))
        {
            return [];
        }
        return claim.ValueKind is JsonValueKind.Array
            ? [.. claim.EnumerateArray().Select(Text).OfType<string>()]
            : Text(claim)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
    }

    /// <summary>The audiences: a string, or an array of them.</summary>
    public static IEnumerable<string> Audiences(JsonElement payload)
    {
        if (!payload.TryGetProperty("aud", out var aud))
        {
            return [];
        }
        return aud.ValueKind is JsonValueKind.Array ? aud.EnumerateArray().Select(Text).OfType<string>()
            : Text(aud) is { } one ? [one]
            : [];
    }

    /// <summary>
    /// A NumericDate: seconds since 1970, possibly with a fraction, possibly in quotation marks. False when the
    /// claim is there and is nothing of the kind; null when it is not there.
    /// </summary>
    public static bool TryReadInstant(JsonElement payload, string name, out DateTimeOffset? at)
    {
        at = null;
        if (!payload.TryGetProperty(name, out var claim))
        {
            return true;
        }
        var text = claim.ValueKind is JsonValueKind.Number ? claim.GetRawText() : Text(claim);
        if (
            !double.TryParse(
                text,
                NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
                CultureInfo.InvariantCulture,
                out var seconds
            ) || !(seconds >= 0 && seconds <= UnixSecondsMax)
        )
        {
            return false;
        }
        at = DateTimeOffset.FromUnixTimeSeconds((long)seconds);
        return true;
    }

    private static bool TryFind(JsonElement payload, ImmutableArray<ClaimPath> paths, out JsonElement claim)
    {
        foreach (var path in paths)
        {
            if (path.TryFind(payload, out claim))
            {
                return true;
            }
        }
        claim = default;
        return false;
    }

    /// <summary>The text of an element; null: it is no string, or no text.</summary>
    public static string? Text(JsonElement element)
    {
        if (element.ValueKind is not JsonValueKind.String)
        {
            return null;
        }
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair, written as an escape: valid JSON, but no text
        }
    }
}
