using System.Collections.Immutable;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.Tokens;

/// <summary>
/// The scopes of one request, understood: one resource, its permissions, and what of OpenID Connect
/// is wanted.
/// </summary>
/// <remarks>
/// <para>The spellings are those of real clients: <c>https://graph.microsoft.com/.default</c>,
/// <c>https://graph.microsoft.com/Presence.Read</c>, the bare <c>Presence.Read</c>, Graph's
/// application id, and <c>https://{our host}/.default</c>, which Graph SDKs make of whatever base
/// URL they are given.</para>
/// <para>A second resource in one request is refused: an access token has one audience, and whoever
/// gets one for two could use each at the other.</para>
/// </remarks>
internal sealed record ScopeRequest
{
    public const string Default = ".default";

    /// <summary>The resource as the request spelled it; empty: only bare names were used.</summary>
    public string Prefix { get; private init; } = "";

    /// <summary>Whose token it will be.</summary>
    public required Resource Resource { get; init; }

    /// <summary>The permissions that were asked for by name, in their order.</summary>
    public ImmutableArray<string> Names { get; private init; } = [];

    /// <summary>Those of them that were spelled without a resource.</summary>
    public ImmutableArray<string> BareNames { get; private init; } = [];

    /// <summary>Whether everything that is granted was asked for.</summary>
    public bool IsDefault { get; private init; }

    /// <summary>Of openid, profile and email those that were asked for, in this order.</summary>
    public ImmutableArray<string> OpenIdNames { get; private init; } = [];

    public bool WantsIdToken => OpenIdNames.Contains("openid", StringComparer.Ordinal);

    public bool WantsRefreshToken { get; private init; }

    /// <summary>Understands the text, or says why not.</summary>
    public static IssuerRefusal? Parse(IssuerCall call, Tenant tenant, string text, out ScopeRequest? request)
    {
        request = null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > IssuerLimits.ScopesMax)
        {
            return new(IssuerError.ScopeMalformed, $"1 to {IssuerLimits.ScopesMax} scopes.");
        }

        var read = new ScopeRequest { Resource = Resource.Graph(call.Cloud) };
        var isNamed = false;
        foreach (var word in words.Distinct(StringComparer.Ordinal))
        {
            if (word is "openid" or "profile" or "email")
            {
                read = read with { OpenIdNames = read.OpenIdNames.Add(word) };
                continue;
            }

            if (word is "offline_access")
            {
                read = read with { WantsRefreshToken = true };
                continue;
            }

            var (prefix, name) = Split(word);
            if (Resource.Find(call, tenant, prefix) is not { } resource)
            {
                return new(IssuerError.ResourceUnknown, Quoted.Of(prefix), tenant.DisplayName);
            }

            if (isNamed && resource.Key != read.Resource.Key)
            {
                return new(IssuerError.ScopesOfTwoResources, read.Resource.Key, Quoted.Of(prefix));
            }

            read = read.With(resource, prefix, name);
            isNamed = true;
        }

        if (read.IsDefault && !read.Names.IsEmpty)
        {
            return new(
                IssuerError.ScopeMalformed,
                "'.default' cannot be combined with permissions of the same resource."
            );
        }

        if (!isNamed && read.OpenIdNames.IsEmpty)
        {
            return new(IssuerError.ScopeMalformed, "it names no resource.");
        }

        request = read;
        return null;
    }

    private ScopeRequest With(Resource resource, string prefix, string name) =>
        this with
        {
            Resource = resource,
            Prefix = Prefix.Length > 0 ? Prefix : prefix,
            IsDefault = IsDefault || name == Default,
            Names = name == Default ? Names : Names.Add(name),
            BareNames = prefix.Length == 0 ? BareNames.Add(name) : BareNames,
        };

    /// <summary>
    /// Resource and permission; a client's own id alone means everything of itself.
    /// </summary>
    private static (string Prefix, string Name) Split(string word)
    {
        var slash = word.LastIndexOf('/');
        if (slash < 0)
        {
            return Guid.TryParseExact(word, "D", out _) ? (word, Default) : ("", word);
        }

        return (word[..slash], word[(slash + 1)..]);
    }
}
