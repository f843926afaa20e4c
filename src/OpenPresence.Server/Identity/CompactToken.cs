using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OpenPresence.Server.Identity;

/// <summary>
/// A JSON Web Token in compact form, taken apart but not believed: nothing in here is true before the
/// signature was checked.
/// </summary>
/// <remarks>
/// Stricter than RFC 7515 where that is where attacks live: a bounded size, only the characters of base64url
/// (no padding, no white space, which a lenient decoder skips), valid UTF-8, bounded depth, and no
/// member twice: two readers that disagree on which of two <c>sub</c> counts are a classic way in.
/// The header's <c>jku</c>, <c>x5u</c>, <c>jwk</c> and <c>x5c</c> are not even read: a key comes from the
/// trusted issuer or from nowhere.
/// </remarks>
internal sealed class CompactToken : IDisposable
{
    /// <summary>Entra ID and Keycloak stay below 5.</summary>
    public const int JsonDepthMax = 12;

    /// <summary>A <c>kid</c> is a name, not a document.</summary>
    public const int KeyIdCharsMax = 256;

    private static readonly SearchValues<char> Base64UrlAndDot = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    );

    private static readonly SearchValues<char> PaddedBase64UrlAndDot = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.="
    );

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = JsonDepthMax,
        AllowDuplicateProperties = false,
    };

    private readonly JsonDocument _header;
    private readonly JsonDocument _payload;

    private CompactToken(JsonDocument header, JsonDocument payload, byte[] signedBytes, byte[] signature)
    {
        (_header, _payload) = (header, payload);
        (SignedBytes, Signature) = (signedBytes, signature);
    }

    /// <summary>What the signature covers: header and payload as they were sent.</summary>
    public byte[] SignedBytes { get; }

    /// <summary>Empty for an unsigned token.</summary>
    public byte[] Signature { get; }

    public JsonElement Header => _header.RootElement;

    public JsonElement Payload => _payload.RootElement;

    public static bool TryParse(ReadOnlySpan<char> text, int bytesMax, [NotNullWhen(true)] out CompactToken? token) =>
        TryParse(text, bytesMax, Base64UrlAndDot, out token);

    /// <summary>The same for clients' assertions, whose parts some libraries pad with <c>=</c>.</summary>
    public static bool TryParsePadded(
        ReadOnlySpan<char> text,
        int bytesMax,
        [NotNullWhen(true)] out CompactToken? token
    ) => TryParse(text, bytesMax, PaddedBase64UrlAndDot, out token);

    private static bool TryParse(
        ReadOnlySpan<char> text,
        int bytesMax,
        SearchValues<char> allowed,
        [NotNullWhen(true)] out CompactToken? token
    )
    {
        token = null;
        if (text.Length > bytesMax || text.ContainsAnyExcept(allowed))
        {
            return false;
        }
        var first = text.IndexOf('.');
        var last = text.LastIndexOf('.');
        if (first <= 0 || last - first <= 1 || text[(first + 1)..last].Contains('.'))
        {
            return false;
        }
        if (
            !TryDecode(text[(last + 1)..], out var signature)
            || !TryDecode(text[..first], out var header)
            || !TryDecode(text[(first + 1)..last], out var payload)
            || !TryParseObject(header, out var headerJson)
        )
        {
            return false;
        }
        if (!TryParseObject(payload, out var payloadJson))
        {
            headerJson.Dispose();
            return false;
        }
        token = new(headerJson, payloadJson, Encoding.ASCII.GetBytes(text[..last].ToArray()), signature);
        return true;
    }

    public void Dispose()
    {
        _header.Dispose();
        _payload.Dispose();
    }

    /// <summary>False for what is no base64url; the framework's own Try method throws for some of it.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        var status = Base64Url.DecodeFromChars(text, bytes, out _, out var written);
        Array.Resize(ref bytes, written);
        return status is OperationStatus.Done;
    }

    private static bool TryParseObject(byte[] utf8, [NotNullWhen(true)] out JsonDocument? json)
    {
        json = null;
        if (!Utf8.IsValid(utf8))
        {
            return false; // the parser would look into strings only when asked for them, and throw
        }
        try
        {
            json = JsonDocument.Parse(utf8, Strict);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Its message quotes the text, so it must not reach a log. The second is thrown for a member whose name
            // holds half of a surrogate pair: the search for names that stand twice cannot read it.
            return false;
        }
        if (json.RootElement.ValueKind is JsonValueKind.Object)
        {
            return true;
        }
        json.Dispose();
        return false;
    }
}
