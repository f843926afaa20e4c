using System.Net;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Journal.Postgres;

namespace OpenPresence.Server.Settings;

/// <summary>A rule that options break.</summary>
/// <param name="Setting">The setting to look at first.</param>
/// <param name="Sentence">What is wrong and what to change.</param>
public readonly record struct OptionFault(string Setting, string Sentence)
{
    public string Text => $"{Setting}: {Sentence}";
}

/// <summary>
/// What must not be combined, in sentences that say what to change. The production profile refuses what is
/// handy on a developer's machine and a hole anywhere else: tokens in the clear, issuers that anybody can
/// ask, certificates that nobody vouches for, a data directory that depends on where one stands.
/// </summary>
public static class OptionRules
{
    /// <summary>The longest name of a node.</summary>
    public const int NodeNameCharsMax = 64;

    /// <summary>Of controlToken and metricsToken: a shorter token can be guessed.</summary>
    public const int TokenCharsMin = 16;

    /// <summary>Every rule that the options break, in the order of the settings.</summary>
    public static IEnumerable<OptionFault> FaultsOf(ServerOptions o) =>
        Rules(o).Where(rule => rule.IsBroken).Select(rule => new OptionFault(rule.Setting, rule.Sentence));

    /// <summary>What is allowed and should be known.</summary>
    public static IEnumerable<string> WarningsOf(ServerOptions o)
    {
        if (o.DropIn)
        {
            yield return "dropIn: whoever trusts ca.pem now believes this server to be Microsoft "
                + "Graph and its sign-in pages. Trust it in single programs, never system-wide.";
        }

        if (o.Journal is not null && o.KeysDirectory is null)
        {
            yield return "keys: nodes that share a journal need the same signing keys, or what one of "
                + "them signed is refused by the others. Name a folder with keys that all of them have.";
        }

        if (o.IssuesTokens && o.Profile == Profile.Production)
        {
            yield return "builtInIssuer: this server issues tokens itself, in production; whoever "
                + "reaches it can try secrets.";
        }

        if (o.IssuesTokens && IsBeyondLoopback(o) && o.AllowIssuerBeyondLoopback)
        {
            yield return "allowIssuerBeyondLoopback: everybody in the network can get tokens from "
                + "the built-in issuer; the demo tenant's secrets are public.";
        }
    }

    private static IEnumerable<(bool IsBroken, string Setting, string Sentence)> Rules(ServerOptions o)
    {
        var isProduction = o.Profile == Profile.Production;
        var isBeyond = IsBeyondLoopback(o);
        return
        [
            (o.DataDirectory.Length == 0, "data", "Name a folder."),
            (o.KeysDirectory is "", "keys", "Name a folder."),
            (
                o.NodeName is { } name
                    && (
                        name.Length is 0 or > NodeNameCharsMax
                        || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
                    ),
                "nodeName",
                $"Must be 1 to {NodeNameCharsMax} letters, digits, dots, hyphens and underscores."
            ),
            (
                isProduction && !Path.IsPathFullyQualified(o.DataDirectory),
                "data",
                "In production the folder must be an absolute path: started elsewhere, the server "
                    + "would begin with nothing."
            ),
            (o.DrainsFor < TimeSpan.Zero || o.DrainsFor > ServerOptions.DrainMax, "drain", "Must be PT0S to PT5M."),
            (o.HttpPort == -1 && o.HttpsPort == -1, "httpsPort", "Both ports are -1: leave one of them."),
            (o.HttpPort > 0 && o.HttpPort == o.HttpsPort, "httpsPort", "Is the same as httpPort: choose another one."),
            (
                o.ControlToken is { Length: < TokenCharsMin },
                "controlToken",
                $"Has fewer than {TokenCharsMin} characters: whoever guesses it can do anything."
            ),
            (
                o.MetricsToken is { Length: < TokenCharsMin },
                "metricsToken",
                $"Has fewer than {TokenCharsMin} characters: it can be guessed."
            ),
            (o.Listen.IsEmpty, "listen", "Is empty: name loopback, any, or addresses."),
            .. o
                .Listen.Where(t => !ListenAddress.TryParse(t, out _))
                .Select(t => (true, "listen", $"'{t}' is neither loopback nor any nor an IP address.")),
            (
                isProduction && isBeyond && o.HttpPort != -1 && !o.AllowPlainHttpBeyondLoopback,
                "httpPort",
                "In production plain HTTP is not heard beyond loopback, since tokens would travel "
                    + "in the clear: set it to -1, or allowPlainHttpBeyondLoopback if a proxy "
                    + "of yours encrypts."
            ),
            (
                o.IssuesTokens && isBeyond && !o.AllowIssuerBeyondLoopback,
                "listen",
                "The built-in issuer gives tokens to whoever knows the demo secrets: listen on "
                    + "loopback, switch builtInIssuer off, or set allowIssuerBeyondLoopback."
            ),
            .. JournalRules(o),
            .. PublicUrlRules(o.PublicUrl, isProduction),
            .. CertificateRules(o, isProduction && isBeyond && o.HttpsPort != -1),
            .. ProxyRules(o),
            .. ReceiverRules(o),
            (
                isProduction && !o.IssuesTokens && o.Auth.TrustedIssuers.Count == 0,
                "auth",
                "Nobody could call: name whose tokens are good in auth.trustedIssuers."
            ),
            (
                o.Page == true && isProduction && (o.PageClientId is null || o.Auth.TrustedIssuers.Count == 0),
                "page",
                "In production people sign in to the page: name in pageClientId the application that "
                    + "they do it with, and in auth.trustedIssuers where."
            ),
            .. AuthOptionsFaults.Of(o.Auth).Select(fault => (true, "auth", fault)),
            .. ProvisioningOptionsFaults.Of(o.Provisioning).Select(fault => (true, "provisioning", fault)),
            (
                o.DropIn && isProduction,
                "dropIn",
                "Is for development: in production give your clients this server's own name."
            ),
        ];
    }

    private static IEnumerable<(bool, string, string)> JournalRules(ServerOptions o)
    {
        string? fault = null;
        if (o.Journal is { } connection)
        {
            _ = DatabaseAddress.TryParse(connection, o.JournalPasswordFile, out fault);
        }

        yield return (fault is not null, "journal", fault ?? "");
        yield return (
            o.JournalPasswordFile is not null && o.Journal is null,
            "journalPasswordFile",
            "There is no database to use it for: give journal, too."
        );
        yield return (
            o.JournalPasswordFile is { } file && !File.Exists(file),
            "journalPasswordFile",
            $"The file {o.JournalPasswordFile} is missing."
        );
        yield return (
            o.JournalTruncateAt is not null && o.Journal is not null,
            "journalTruncateAt",
            "Is for a journal in files: leave it out."
        );
    }

    private static IEnumerable<(bool, string, string)> PublicUrlRules(Uri? url, bool isProduction)
    {
        if (url is null)
        {
            yield break;
        }

        var isHttp = url.Scheme == Uri.UriSchemeHttp;
        yield return (
            !isHttp && url.Scheme != Uri.UriSchemeHttps,
            "publicUrl",
            "Must begin with https:// (or http://)."
        );
        yield return (isProduction && isHttp, "publicUrl", "In production it must be https.");
        yield return (
            url.PathAndQuery != "/" || url.Fragment.Length > 0 || url.UserInfo.Length > 0,
            "publicUrl",
            "Must be scheme, host and port alone: sign-in libraries drop a path before the tenant."
        );
    }

    private static IEnumerable<(bool, string, string)> CertificateRules(ServerOptions o, bool needsFile) =>
        [
            (
                o.CertificateFile is null != o.CertificateKeyFile is null,
                o.CertificateFile is null ? "certificateFile" : "certificateKeyFile",
                "Certificate and key belong together: give both files or none."
            ),
            (
                needsFile && o.CertificateFile is null && o.CertificateKeyFile is null,
                "certificateFile",
                "In production, beyond loopback, nobody trusts a certificate of our own: give "
                    + "certificateFile and certificateKeyFile, or set httpsPort to -1."
            ),
            (
                o.DropIn && o.CertificateFile is not null,
                "certificateFile",
                "The drop-in mode needs the certificate of our own: leave it out."
            ),
            .. o
                .CertificateNames.Where(name => Uri.CheckHostName(name.Replace("*.", "")) == UriHostNameType.Unknown)
                .Select(name => (true, "certificateNames", $"'{name}' is no host name or address.")),
        ];

    private static IEnumerable<(bool, string, string)> ProxyRules(ServerOptions o) =>
        o.TrustedProxies.Select(text =>
            (
                !TryParseNetwork(text, out var network) || network.PrefixLength == 0,
                "trustedProxies",
                $"'{text}' must be an address or a network such as 10.0.0.0/8, and not everybody."
            )
        );

    private static IEnumerable<(bool, string, string)> ReceiverRules(ServerOptions o) =>
        [
            .. o
                .ReceiverNetworks.Where(text => !TryParseNetwork(text, out _))
                .Select(text =>
                    (true, "receiverNetworks", $"'{text}' must be an address or a network such as 10.0.0.0/8.")
                ),
            (
                o.ReceiverAuthoritiesFile is { } file && !File.Exists(file),
                "receiverAuthoritiesFile",
                $"The file {o.ReceiverAuthoritiesFile} is missing."
            ),
        ];

    /// <summary>A network, or an address as a network of one.</summary>
    public static bool TryParseNetwork(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    private static bool IsBeyondLoopback(ServerOptions o) =>
        o.Listen.Any(t => ListenAddress.TryParse(t, out var address) && !address.IsLoopback);
}
