using System.Security.Cryptography.X509Certificates;
using OpenPresence.Server.Tls;

namespace OpenPresence.Server.Tests.Tls;

public sealed class OwnCertificateSourceTests : IDisposable
{
    private readonly TlsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("host.docker.internal")]
    [InlineData(TlsFolder.Machine)]
    [InlineData("presence.test")]
    [InlineData("a.wild.test")]
    [InlineData("192.0.2.7")]
    public void A_client_that_trusts_the_authority_believes_every_name(string name)
    {
        _folder.Options = _folder.Options with { CertificateNames = ["Presence.test", "*.wild.test", "192.0.2.7"] };
        using var certificate = _folder.Open();

        Assert.True(_folder.IsTrusted(certificate.Current));
        Assert.True(certificate.Current.MatchesHostname(name, allowCommonName: false));
        Assert.Equal(_folder.FileOf("ca.pem"), certificate.AuthorityFile);
    }

    [Fact]
    public void Authority_and_certificate_are_kept_across_starts()
    {
        string[] names = ["ca.pem", "ca.key", "server.pem", "server.key"];
        using (_folder.Open()) { }
        var before = names.Select(name => File.ReadAllText(_folder.FileOf(name))).ToArray();

        using (_folder.Open()) { }

        Assert.Equal(before, names.Select(name => File.ReadAllText(_folder.FileOf(name))));
    }

    [Fact]
    public void A_container_that_has_another_name_at_each_start_keeps_its_authority()
    {
        using (_folder.Open()) { }
        var authority = File.ReadAllText(_folder.FileOf("ca.pem"));

        using var certificate = ServerCertificate.Open(_folder.Options, _folder.Clock, new LogLines(), "f00ba4");

        Assert.Equal(authority, File.ReadAllText(_folder.FileOf("ca.pem")));
        Assert.True(_folder.IsTrusted(certificate.Current));
        Assert.False(certificate.Current.MatchesHostname("f00ba4"));
    }

    [Fact]
    public void Keys_and_the_data_directory_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        using var certificate = _folder.Open();

        const UnixFileMode others =
            UnixFileMode.GroupRead
            | UnixFileMode.GroupWrite
            | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite
            | UnixFileMode.OtherExecute;
        foreach (var path in new[] { _folder.FileOf("ca.key"), _folder.FileOf("server.key") })
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & others);
        }

        var data = new DirectoryInfo(_folder.Options.DataDirectory);
        Assert.Equal(UnixFileMode.None, data.UnixFileMode & others);
    }

    [Fact]
    public void A_key_that_others_may_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }

        using (_folder.Open()) { }
        File.SetUnixFileMode(
            _folder.FileOf("ca.key"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead
        );
        File.Delete(_folder.FileOf("server.pem"));

        var refusal = Assert.Throws<InvalidDataException>(() => _folder.Open());
        Assert.StartsWith(_folder.FileOf("ca.key"), refusal.Message);
    }

    [Fact]
    public void The_certificate_is_renewed_before_it_ends_while_the_server_runs()
    {
        var clock = new LeapingClock { Now = _folder.Clock.GetUtcNow() };
        using var certificate = ServerCertificate.Open(_folder.Options, clock, new LogLines(), TlsFolder.Machine);
        var first = certificate.Current;
        var authority = File.ReadAllText(_folder.FileOf("ca.pem"));

        clock.Now += OwnCertificates.LeafLifetime - OwnCertificates.RenewBefore;
        clock.Now -= TimeSpan.FromSeconds(1);
        certificate.Check();
        Assert.Same(first, certificate.Current);

        clock.Now += TimeSpan.FromSeconds(1);
        certificate.Check();
        Assert.NotSame(first, certificate.Current);
        Assert.Equal(
            clock.Now.UtcDateTime + OwnCertificates.LeafLifetime,
            certificate.Current.NotAfter.ToUniversalTime()
        );
        Assert.Equal(authority, File.ReadAllText(_folder.FileOf("ca.pem")));
    }

    [Fact]
    public void An_authority_that_would_end_before_its_certificate_is_replaced_with_a_warning()
    {
        using (_folder.Open()) { }
        var log = new LogLines();
        var clock = new ManualClock(
            _folder.Clock.GetUtcNow() + OwnCertificates.AuthorityLifetime - OwnCertificates.LeafLifetime
        );

        using var certificate = ServerCertificate.Open(_folder.Options, clock, log, TlsFolder.Machine);

        Assert.Contains(
            log.All,
            line => line.StartsWith("Warning ", StringComparison.Ordinal) && line.Contains("ca.pem")
        );
        Assert.Equal(File.ReadAllText(_folder.FileOf("server.pem")).Trim(), certificate.Current.ExportCertificatePem());
    }

    [Theory]
    [InlineData("server.pem")]
    [InlineData("server.key")]
    public void A_lost_or_damaged_certificate_is_made_again_below_the_same_authority(string name)
    {
        using (_folder.Open()) { }
        var authority = File.ReadAllText(_folder.FileOf("ca.pem"));
        File.WriteAllText(_folder.FileOf(name), "-----BEGIN");

        using var certificate = _folder.Open();

        Assert.True(_folder.IsTrusted(certificate.Current));
        Assert.Equal(authority, File.ReadAllText(_folder.FileOf("ca.pem")));
    }

    [Fact]
    public void A_certificate_of_another_authority_is_not_used()
    {
        using var other = new TlsFolder();
        using (other.Open()) { }
        using (_folder.Open()) { }
        File.Copy(other.FileOf("server.pem"), _folder.FileOf("server.pem"), overwrite: true);
        File.Copy(other.FileOf("server.key"), _folder.FileOf("server.key"), overwrite: true);

        using var certificate = _folder.Open();

        Assert.True(_folder.IsTrusted(certificate.Current));
    }

    [Fact]
    public void The_drop_in_mode_has_the_names_of_its_cloud_and_an_authority_of_its_own()
    {
        using (_folder.Open()) { }
        var harmless = _folder.FileBeside("harmless.pem");
        File.Copy(_folder.FileOf("ca.pem"), harmless);
        _folder.Options = _folder.Options with { DropIn = true };

        using var certificate = _folder.Open();

        Assert.True(certificate.Current.MatchesHostname("graph.microsoft.com"));
        Assert.True(certificate.Current.MatchesHostname("login.microsoftonline.com"));
        Assert.False(certificate.Current.MatchesHostname("graph.microsoft.us"));
        Assert.True(_folder.IsTrusted(certificate.Current));
        Assert.False(_folder.IsTrusted(certificate.Current, harmless));
    }

    [Fact]
    public void Without_the_drop_in_mode_the_names_of_the_cloud_are_gone_again()
    {
        _folder.Options = _folder.Options with { DropIn = true };
        using (_folder.Open()) { }
        _folder.Options = _folder.Options with { DropIn = false };

        using var certificate = _folder.Open();

        Assert.False(certificate.Current.MatchesHostname("graph.microsoft.com"));
        Assert.True(_folder.IsTrusted(certificate.Current));
    }

    [Fact]
    public void A_stolen_authority_key_is_worth_nothing_for_other_names()
    {
        using var certificate = _folder.Open();
        using var stolen = X509Certificate2.CreateFromPemFile(_folder.FileOf("ca.pem"), _folder.FileOf("ca.key"));
        var names = new OwnNames(["bank.example"], []);

        using var forged = OwnCertificates.MakeLeaf(names, stolen, _folder.Clock.GetUtcNow());

        Assert.True(forged.MatchesHostname("bank.example"));
        Assert.False(_folder.IsTrusted(forged));
    }

    [Fact]
    public void The_key_is_one_that_is_quick_to_use()
    {
        using var certificate = _folder.Open();
        using var key = certificate.Current.GetECDsaPrivateKey()!;

        Assert.Equal(256, key.KeySize);
    }

    /// <summary>A clock for a year's leap, in which no timer is worth firing.</summary>
    private sealed class LeapingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
