using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OpenPresence.Server.Webhooks;

/// <summary>
/// Whom we believe to be a receiver: whoever the system's authorities vouch for, or those of a file, which a
/// private network needs. The file adds to the system's; the name must be the right one either way.
/// </summary>
internal static class ReceiverTls
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static SslClientAuthenticationOptions Options(X509Certificate2Collection authorities)
    {
        var options = new SslClientAuthenticationOptions();
        if (authorities.Count > 0)
        {
            options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                errors == SslPolicyErrors.None
                || errors == SslPolicyErrors.RemoteCertificateChainErrors
                    && certificate is X509Certificate2 leaf
                    && IsVouchedFor(leaf, chain, authorities);
        }
        return options;
    }

    private static bool IsVouchedFor(X509Certificate2 leaf, X509Chain? sent, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new(ServerAuthentication));
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }
        return chain.Build(leaf);
    }
}
