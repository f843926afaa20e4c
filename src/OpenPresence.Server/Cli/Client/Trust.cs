using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpenPresence.Server.Cli.Client;

/// <summary>
/// Whom a command believes to be the server: whoever the system believes, and whoever the server's own
/// authority vouches for. There is no switch to believe everybody: the file is one option away.
/// </summary>
internal static class Trust
{
    /// <summary>The longest answer that is read.</summary>
    public const int AnswerBytesMax = 64 * 1024 * 1024;

    /// <summary>How long an answer may take; a stream of changes has a bound of its own.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);

    /// <summary>What calls the server at an address.</summary>
    public static HttpClient NewHttpClient(Uri url, string? authorityFile)
    {
        var authority = authorityFile is null ? null : Load(authorityFile);
        return new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectTimeout = ConnectWithin,
                // A proxy of the environment cannot reach this machine's own loopback.
                UseProxy = !url.IsLoopback,
                SslOptions = new SslClientAuthenticationOptions
                {
                    RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                        errors == SslPolicyErrors.None || IsVouchedFor(authority, certificate, chain, errors),
                },
            }
        )
        {
            BaseAddress = url,
            Timeout = AnswerWithin,
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }

    private static bool IsVouchedFor(
        X509Certificate2? authority,
        X509Certificate? certificate,
        X509Chain? offered,
        SslPolicyErrors errors
    )
    {
        // Another name, or no certificate at all, no authority makes good.
        if (authority is null || errors != SslPolicyErrors.RemoteCertificateChainErrors)
        {
            return false;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        foreach (var element in offered?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }
        return certificate is X509Certificate2 leaf && chain.Build(leaf);
    }

    private static X509Certificate2 Load(string file)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(file);
        }
        catch (Exception unreadable)
            when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailedException(
                $"The certificate authority {file} cannot be read: {unreadable.Message}",
                "It is the file tls/ca.pem in the server's data directory.",
                ExitCode.BadInput
            );
        }
    }
}
