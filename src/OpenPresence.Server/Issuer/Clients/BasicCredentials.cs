using System.Collections.Immutable;
using System.Text;
using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Issuer.Clients;

/// <summary>A client id and secret of the Authorization header.</summary>
/// <param name="Id">The client id.</param>
/// <param name="Secrets">What the secret may be; none: the password is empty.</param>
/// <remarks>
/// RFC 6749 2.3.1 has both parts form-encoded before they are joined. Entra ID takes them as they stand
/// (Azure-Samples/active-directory-java-webapp-openidconnect#12), and so there are clients of both kinds.
/// </remarks>
internal sealed record BasicCredentials(string Id, ImmutableArray<string> Secrets)
{
    private const string Scheme = "Basic";

    /// <summary>Null: the header is another one or none; or why it cannot be read.</summary>
    public static IssuerRefusal? Read(IssuerCall call, out BasicCredentials? basic)
    {
        basic = null;
        var header = call.Http.Request.Headers.Authorization.ToString();
        if (!header.Split(' ')[0].Equals(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[IssuerLimits.ParameterCharsMax];
        if (
            header.Length > IssuerLimits.ParameterCharsMax
            || !Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length)
            || Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is not [{ Length: > 0 } id, var secret]
        )
        {
            return new(IssuerError.RequestMalformed, "its basic authentication cannot be read.");
        }

        string[] spellings = secret.Length == 0 ? [] : [secret, Decode(secret)];
        basic = new(Decode(id), [.. spellings.Distinct(StringComparer.Ordinal)]);
        return null;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
