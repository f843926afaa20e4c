using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.AspNetCore.WebUtilities;

namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>
/// The parameters of one request, each at most once and of bounded length. An empty value counts as
/// none (RFC 6749 3.1).
/// </summary>
/// <remarks>
/// A parameter twice is an error and not "the last wins": two readers that disagree on which of two
/// redirect URIs counts are a classic way in.
/// </remarks>
public sealed class RequestParameters
{
    private static readonly FrozenDictionary<string, int> CharsMax = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["client_id"] = IssuerLimits.ClientIdCharsMax,
        ["scope"] = IssuerLimits.ScopeCharsMax,
        ["state"] = IssuerLimits.StateCharsMax,
        ["claims"] = IssuerLimits.ClaimsCharsMax,
        ["assertion"] = IssuerLimits.AssertionCharsMax,
        ["client_assertion"] = IssuerLimits.AssertionCharsMax,
        ["code"] = IssuerLimits.SealedCharsMax,
        ["refresh_token"] = IssuerLimits.SealedCharsMax,
        ["client_secret"] = IssuerLimits.SecretCharsMax,
        ["password"] = IssuerLimits.SecretCharsMax,
        ["username"] = IssuerLimits.NameCharsMax,
        ["login_hint"] = IssuerLimits.NameCharsMax,
        ["user_code"] = IssuerLimits.NameCharsMax,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private RequestParameters() { }

    /// <summary>No parameters.</summary>
    public static RequestParameters None { get; } = new();

    /// <summary>Those of a form's body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mayBeUnnamed">
    /// Whether a body without a Content-Type is read as a form, as some clients send it. Not from pages: a browser asks
    /// no preflight for such a request of a foreign page.
    /// </param>
    /// <param name="cancel">Ends the reading.</param>
    public static async ValueTask<(RequestParameters, IssuerRefusal?)> ReadFormAsync(
        HttpRequest request,
        bool mayBeUnnamed,
        CancellationToken cancel
    )
    {
        if (request.ContentType is null && request.ContentLength is 0)
        {
            return (None, null);
        }

        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        var media = (end < 0 ? type : type[..end]).Trim();
        if (
            !media.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
            && !(mayBeUnnamed && media.IsEmpty)
        )
        {
            return (None, new(IssuerError.WrongContentType));
        }

        var body = new byte[IssuerLimits.BodyBytesMax + 1];
        var length = 0;
        while (length < body.Length)
        {
            var count = await request.Body.ReadAsync(body.AsMemory(length), cancel);
            if (count == 0)
            {
                var refusal = Parse(Text(body.AsSpan(0, length)), out var parameters);
                return (parameters, refusal);
            }

            length += count;
        }

        return (None, new(IssuerError.BodyTooLarge, $"{IssuerLimits.BodyBytesMax}"));
    }

    /// <summary>
    /// Those of <c>name=value&amp;…</c>, with or without a leading question mark.
    /// </summary>
    public static IssuerRefusal? Parse(string? text, out RequestParameters parameters)
    {
        parameters = None;
        if (text is null)
        {
            return new(IssuerError.RequestMalformed, "it is not UTF-8.");
        }

        var read = new RequestParameters();
        var count = 0;
        foreach (var pair in new QueryStringEnumerable(text))
        {
            if (++count > IssuerLimits.ParametersMax)
            {
                return new(IssuerError.RequestMalformed, $"it has more than {IssuerLimits.ParametersMax} parameters.");
            }

            if (read.Add(pair.DecodeName().ToString(), pair.DecodeValue().ToString()) is { } refusal)
            {
                return refusal;
            }
        }

        parameters = read;
        return null;
    }

    /// <summary>The value, or null when it is missing or empty.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>The value, or why not.</summary>
    public IssuerRefusal? Require(string name, out string value)
    {
        value = this[name] ?? "";
        return value.Length > 0 ? null : new(IssuerError.ParameterMissing, name);
    }

    /// <summary>The same with one parameter set.</summary>
    public RequestParameters With(string name, string value)
    {
        var changed = Without(name);
        changed._values[name] = value;
        return changed;
    }

    /// <summary>The same without one parameter.</summary>
    public RequestParameters Without(string name)
    {
        var changed = new RequestParameters();
        foreach (var (known, value) in _values.Where(pair => pair.Key != name))
        {
            changed._values[known] = value;
        }

        return changed;
    }

    /// <summary>All of them, for a page that sends them again.</summary>
    public IEnumerable<KeyValuePair<string, string>> All => _values;

    private IssuerRefusal? Add(string name, string value)
    {
        var max = CharsMax.GetValueOrDefault(name, IssuerLimits.ParameterCharsMax);
        if (value.Length > max || name.Length > IssuerLimits.NameCharsMax)
        {
            return new(IssuerError.ParameterTooLong, Quoted.Of(name), $"{max}");
        }

        if (value.Contains('\0', StringComparison.Ordinal))
        {
            return new(IssuerError.RequestMalformed, $"'{Quoted.Of(name)}' holds a NUL.");
        }

        return value.Length == 0 || _values.TryAdd(name, value)
            ? null
            : new(IssuerError.ParameterRepeated, Quoted.Of(name));
    }

    private static string? Text(ReadOnlySpan<byte> utf8) =>
        System.Text.Unicode.Utf8.IsValid(utf8) ? System.Text.Encoding.UTF8.GetString(utf8) : null;
}
