using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Identity;

/// <summary>
/// Fetches the keys of an OpenID provider: discovery document, then the key set that it names. The edge to
/// somebody else's server, so everything has a bound: time, size, redirections (none), depth. Addresses must be
/// https, because whoever could write on that line could sign tokens; http is for a loopback host, and a provider
/// elsewhere cannot send us to one.
/// </summary>
public sealed class OidcProvider(TrustedIssuerOptions issuer, HttpClient http, TimeProvider clock)
{
    /// <summary>Entra ID's key set is about 20 KB.</summary>
    public const int DocumentBytesMax = 512 * 1024;

    /// <summary>For both documents together.</summary>
    public static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(5);

    private readonly Uri _discovery = new($"{issuer.Authority.TrimEnd('/')}/.well-known/openid-configuration");

    /// <summary>What logs call it.</summary>
    public string Name => issuer.Name;

    /// <summary>A client that follows no redirection, keeps no cookie and reads no endless body.</summary>
    public static HttpClient NewHttpClient() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = FetchTimeout,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                AutomaticDecompression = DecompressionMethods.All,
            }
        )
        {
            MaxResponseContentBufferSize = DocumentBytesMax,
            Timeout = Timeout.InfiniteTimeSpan, // FetchTimeout, on our own clock
        };

    /// <summary>Whether keys may come from there.</summary>
    public static bool IsSafe(Uri address) =>
        address.UserInfo.Length == 0
        && address.Fragment.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));

    /// <summary>The keys that it publishes now.</summary>
    /// <exception cref="OidcFetchException">It cannot be reached, or does not answer as a provider must.</exception>
    public async Task<FrozenDictionary<string, VerificationKey>> FetchKeysAsync()
    {
        using var timeout = new CancellationTokenSource(FetchTimeout, clock);
        try
        {
            var discovery = await http.GetByteArrayAsync(_discovery, timeout.Token);
            var keySet = await http.GetByteArrayAsync(KeySetAddress(discovery), timeout.Token);
            return JsonWebKeys.Read(keySet);
        }
        catch (HttpRequestException fault)
        {
            throw new OidcFetchException(fault.Message, fault);
        }
        catch (OperationCanceledException fault)
        {
            throw new OidcFetchException($"no answer within {FetchTimeout}", fault);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new OidcFetchException("an answer was not the JSON it should be", fault);
        }
    }

    private Uri KeySetAddress(byte[] discovery)
    {
        using var document = JsonDocument.Parse(discovery);
        if (document.RootElement.ValueKind is not JsonValueKind.Object)
        {
            throw new JsonException();
        }
        // Discovery 1.0, 4.3: the document must speak for the issuer that it was asked about.
        var name = TokenClaims.Text(document.RootElement, "issuer");
        if (name is null || !TrustedIssuer.PatternsOf(issuer).Contains(name, StringComparer.Ordinal))
        {
            throw new OidcFetchException("the discovery document names another issuer");
        }
        return
            Uri.TryCreate(TokenClaims.Text(document.RootElement, "jwks_uri"), UriKind.Absolute, out var address)
            && IsSafe(address)
            && (!address.IsLoopback || _discovery.IsLoopback)
            ? address
            : throw new OidcFetchException("its jwks_uri is missing or not https");
    }
}

/// <summary>An attempt to fetch a provider's keys failed.</summary>
public sealed class OidcFetchException(string message, Exception? inner = null) : Exception(message, inner);
