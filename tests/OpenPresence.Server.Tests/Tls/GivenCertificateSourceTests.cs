using System.Security.Cryptography.X509Certificates;
using OpenPresence.Server.Tls;

namespace OpenPresence.Server.Tests.Tls;

public sealed class GivenCertificateSourceTests : IDisposable
{
    private readonly TlsFolder _folder = new();
    private readonly LogLines _log = new();
    private readonly X509Certificate2 _authority;
    private readonly string _certificateFile;
    private readonly string _keyFile;

    public GivenCertificateSourceTests()
    {
        var names = new OwnNames(["presence.test"], []);
        _authority = OwnCertificates.MakeAuthority(names, _folder.Clock.GetUtcNow());
        _certificateFile = _folder.FileBeside("given.pem");
        _keyFile = _folder.FileBeside("given.key");
        _folder.Options = _folder.Options with { CertificateFile = _certificateFile, CertificateKeyFile = _keyFile };
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_files_are_used_and_none_of_our_own_is_made()
    {
        var given = Give();

        using var certificate = _folder.Open();

        Assert.Equal(given, certificate.Current.Thumbprint);
        Assert.True(certificate.Current.HasPrivateKey);
        Assert.Null(certificate.AuthorityFile);
        Assert.False(File.Exists(_folder.FileOf("ca.pem")));
    }

    [Fact]
    public void What_follows_the_leaf_in_the_file_is_sent_with_it()
    {
        Give();
        var source = new GivenCertificateSource(_certificateFile, _keyFile);

        var chain = source.LoadIfChanged(null)!;

        Assert.Equal([_authority.Thumbprint], chain.Intermediates.Select(c => c.Thumbprint));
    }

    [Fact]
    public void Files_that_change_are_used_by_the_next_connection()
    {
        Give();
        using var certificate = _folder.Open(_log);
        var before = certificate.Authentication;

        _folder.Clock.Advance(ServerCertificate.CheckInterval);
        Assert.Same(before, certificate.Authentication);

        var given = Give();
        _folder.Clock.Advance(ServerCertificate.CheckInterval);
        Assert.Equal(given, certificate.Current.Thumbprint);
        Assert.NotSame(before, certificate.Authentication);
    }

    public static TheoryData<string, string> Broken =>
        new()
        {
            { "given.pem", "" },
            { "given.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" },
            { "given.key", "no key" },
            { "given.key", "another" },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_pair_leaves_the_old_one_and_is_logged_once(string file, string text)
    {
        var given = Give();
        using var certificate = _folder.Open(_log);
        if (text == "another")
        {
            text = AnotherKey();
        }

        File.WriteAllText(_folder.FileBeside(file), text);
        _folder.Clock.Advance(ServerCertificate.CheckInterval * 3);

        Assert.Equal(given, certificate.Current.Thumbprint);
        Assert.Single(_log.All, line => line.StartsWith("Error ", StringComparison.Ordinal));

        var repaired = Give();
        _folder.Clock.Advance(ServerCertificate.CheckInterval);
        Assert.Equal(repaired, certificate.Current.Thumbprint);
    }

    [Fact]
    public void Files_that_vanish_leave_the_old_certificate()
    {
        var given = Give();
        using var certificate = _folder.Open(_log);

        File.Delete(_certificateFile);
        _folder.Clock.Advance(ServerCertificate.CheckInterval);

        Assert.Equal(given, certificate.Current.Thumbprint);
    }

    [Fact]
    public void A_broken_pair_stops_the_start_with_the_names_of_the_files()
    {
        Give();
        File.WriteAllText(_keyFile, AnotherKey());

        var refusal = Assert.Throws<InvalidDataException>(() => _folder.Open());

        Assert.Contains(_certificateFile, refusal.Message);
        Assert.Contains(_keyFile, refusal.Message);
        Assert.DoesNotContain("PRIVATE", refusal.Message);
    }

    /// <summary>Writes a new certificate with its chain and key; its thumbprint.</summary>
    private string Give()
    {
        using var leaf = MakeLeaf();
        using var key = leaf.GetECDsaPrivateKey()!;
        File.WriteAllText(_certificateFile, leaf.ExportCertificatePem() + "\n" + _authority.ExportCertificatePem());
        File.WriteAllText(_keyFile, key.ExportPkcs8PrivateKeyPem());
        return leaf.Thumbprint;
    }

    private string AnotherKey()
    {
        using var leaf = MakeLeaf();
        using var key = leaf.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    private X509Certificate2 MakeLeaf() =>
        OwnCertificates.MakeLeaf(new OwnNames(["presence.test"], []), _authority, _folder.Clock.GetUtcNow());
}
