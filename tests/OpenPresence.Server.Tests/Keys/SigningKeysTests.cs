using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Keys;
using OpenPresence.Server.Tests.Issuer;

namespace OpenPresence.Server.Tests.Keys;

public sealed class SigningKeysTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string KeyPath => _directory.File("keys");

    private string[] Files => System.IO.Directory.GetFiles(KeyPath);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_key_is_made_at_the_first_start_and_kept()
    {
        var first = await Open().CurrentAsync(Cancel);
        var second = await Open().CurrentAsync(Cancel);

        Assert.Equal(first.KeyId, second.KeyId);
        Assert.Equal(first.MadeAt, second.MadeAt);
        Assert.Single(Files);
    }

    [Fact]
    public async Task What_it_signs_verifies_under_the_published_key()
    {
        var keys = Open();
        var signature = (await keys.CurrentAsync(Cancel)).Sign("header.payload"u8);
        var published = Assert.Single(await keys.PublishedAsync(Cancel));
        var found = await keys.FindAsync(published.KeyId, Cancel);

        var rsa = Assert.IsType<RSA>(found!.Key, exactMatch: false);
        Assert.True(rsa.VerifyData("header.payload"u8, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public async Task Its_certificate_is_of_the_same_bytes_wherever_the_key_is()
    {
        var first = await Open().CurrentAsync(Cancel);
        var second = await Open().CurrentAsync(Cancel);
        Assert.Equal(first.Certificate, second.Certificate);

        using var certificate = X509CertificateLoader.LoadCertificate(first.Certificate);
        using var key = certificate.GetRSAPublicKey()!;
        Assert.True(key.VerifyData("x"u8, first.Sign("x"u8), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.True(certificate.NotBefore.ToUniversalTime() <= _clock.GetUtcNow().UtcDateTime);
        var published =
            SigningKeySchedule.RotationPeriod + SigningKeySchedule.PublishedAhead + SigningKeySchedule.PublishedAfter;
        Assert.True(certificate.NotAfter.ToUniversalTime() > (_clock.GetUtcNow() + published).UtcDateTime);
    }

    [Fact]
    public async Task A_key_that_was_never_published_is_not_found() =>
        Assert.Null(await Open().FindAsync("no-such-key", Cancel));

    [Fact]
    public async Task Only_the_owner_may_read_a_key_and_its_directory()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There are no Unix file modes here.");
            return;
        }

        await Open().CurrentAsync(Cancel);
        const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(ReadWrite, File.GetUnixFileMode(Assert.Single(Files)));
        Assert.Equal(ReadWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(KeyPath));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_key_that_others_may_read_is_refused_by_name(UnixFileMode more)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There are no Unix file modes here.");
            return;
        }

        await Open().CurrentAsync(Cancel);
        var file = Assert.Single(Files);
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | more);

        Assert.Contains(file, Assert.Throws<InvalidDataException>(Open).Message);
    }

    [Fact]
    public async Task A_key_may_be_a_link_as_in_a_mounted_secret_and_what_counts_is_who_may_read_the_file()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There are no Unix file modes here.");
            return;
        }

        var made = await Open().CurrentAsync(Cancel);
        var link = Assert.Single(Files);
        var file = _directory.File("elsewhere.pem");
        File.Move(link, file);
        File.CreateSymbolicLink(link, file);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Equal(made.KeyId, (await Open().CurrentAsync(Cancel)).KeyId);

        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherRead);
        Assert.Throws<InvalidDataException>(Open);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a key")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    public async Task A_damaged_key_is_refused_by_name(string content)
    {
        await Open().CurrentAsync(Cancel);
        var file = Assert.Single(Files);
        await File.WriteAllTextAsync(file, content, Cancel);

        Assert.Contains(file, Assert.Throws<InvalidDataException>(Open).Message);
    }

    [Fact]
    public async Task Rotation_publishes_first_signs_later_and_forgets_last()
    {
        var keys = Open();
        var old = await keys.CurrentAsync(Cancel);

        _clock.Advance(SigningKeySchedule.RotationPeriod);
        var both = await PublishedAsync(keys);
        Assert.Equal(old.KeyId, (await keys.CurrentAsync(Cancel)).KeyId);

        _clock.Advance(SigningKeySchedule.PublishedAhead);
        var successor = await keys.CurrentAsync(Cancel);
        Assert.Equal(both[1].KeyId, successor.KeyId);
        Assert.NotNull(await keys.FindAsync(old.KeyId, Cancel));

        _clock.Advance(SigningKeySchedule.PublishedAfter);
        Assert.Null(await keys.FindAsync(old.KeyId, Cancel));
        Assert.Equal(successor.KeyId, Assert.Single(await keys.PublishedAsync(Cancel)).KeyId);
        Assert.Equal(2, Files.Length);
    }

    [Fact]
    public async Task What_a_key_sealed_is_opened_until_the_last_of_it_has_ended()
    {
        const string Purpose = "a test";
        var keys = Open();
        var old = await keys.CurrentAsync(Cancel);
        _clock.Advance(SigningKeySchedule.RotationPeriod);
        await PublishedAsync(keys);
        _clock.Advance(SigningKeySchedule.PublishedAhead - TimeSpan.FromTicks(1));
        var text = SealedText.Seal(await keys.CurrentAsync(Cancel), Purpose, "content"u8);

        _clock.Advance(TokenLimits.SealedLifetimeMax);
        await PublishedAsync(keys);
        var opened = await SealedText.OpenAsync(keys, Purpose, text, Cancel);
        Assert.Equal("content"u8.ToArray(), opened!.Value.Content);
        Assert.Null(await SealedText.OpenAsync(keys, "another test", text, Cancel));

        _clock.Advance(SigningKeySchedule.KeptAfter - TokenLimits.SealedLifetimeMax + TimeSpan.FromTicks(1));
        Assert.Null(await SealedText.OpenAsync(keys, Purpose, text, Cancel));
        Assert.DoesNotContain(Files, file => file.Contains(old.KeyId, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("not base64url!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task What_was_never_sealed_is_not_opened(string text) =>
        Assert.Null(await SealedText.OpenAsync(Open(), "a test", text, Cancel));

    [Fact]
    public async Task Two_keys_have_nothing_in_common()
    {
        var text = SealedText.Seal(SigningKey.Generate(default), "a test", "content"u8);
        Assert.Null(await SealedText.OpenAsync(Open(), "a test", text, Cancel));
    }

    [Fact]
    public async Task While_an_old_key_signs_a_next_one_that_cannot_be_kept_is_tried_again_later()
    {
        var keys = Open();
        var old = await keys.CurrentAsync(Cancel);
        System.IO.Directory.Delete(KeyPath, recursive: true);
        _clock.Advance(SigningKeySchedule.RotationPeriod);

        Assert.Same(old, await keys.CurrentAsync(Cancel));
        await Assert.ThrowsAsync<DirectoryNotFoundException>(() => keys.Making);

        System.IO.Directory.CreateDirectory(KeyPath);
        Assert.Same(old, Assert.Single(await keys.PublishedAsync(Cancel)));

        _clock.Advance(SigningKeys.RetryAfterFailure);
        Assert.Equal(2, (await PublishedAsync(keys)).Count);
    }

    [Fact]
    public async Task A_key_that_not_all_nodes_have_signs_nothing_yet()
    {
        var keys = Open();
        var old = await keys.CurrentAsync(Cancel);
        _clock.Advance(SigningKeySchedule.RotationPeriod);
        var both = await PublishedAsync(keys);
        keys.SignOnlyWith(Names(old));
        _clock.Advance(SigningKeySchedule.PublishedAhead);
        Assert.Equal(old.KeyId, keys.CurrentId);

        keys.SignOnlyWith(Names(both[0], both[1]));

        Assert.Equal(both[1].KeyId, keys.CurrentId);
    }

    [Fact]
    public async Task A_key_that_signed_on_for_another_is_kept_as_long_as_its_tokens()
    {
        var keys = Open();
        var old = await keys.CurrentAsync(Cancel);
        _clock.Advance(SigningKeySchedule.RotationPeriod);
        var both = await PublishedAsync(keys);
        _clock.Advance(SigningKeySchedule.PublishedAhead + TimeSpan.FromDays(30));
        keys.SignOnlyWith(Names(old));
        Assert.Equal(old.KeyId, (await keys.CurrentAsync(Cancel)).KeyId);
        keys.SignOnlyWith(Names(both[0], both[1]));
        Assert.Equal(both[1].KeyId, (await keys.CurrentAsync(Cancel)).KeyId);

        _clock.Advance(SigningKeySchedule.PublishedAfter - TimeSpan.FromSeconds(1));
        Assert.NotNull(await keys.FindAsync(old.KeyId, Cancel));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await keys.FindAsync(old.KeyId, Cancel));
    }

    [Fact]
    public async Task When_no_key_is_known_to_all_those_that_are_there_sign()
    {
        var keys = Open();
        var own = await keys.CurrentAsync(Cancel);

        keys.SignOnlyWith(new HashSet<string>());

        Assert.Equal(own.KeyId, (await keys.CurrentAsync(Cancel)).KeyId);
    }

    private static HashSet<string> Names(params SigningKey[] keys) => [.. keys.Select(key => key.Name)];

    private SigningKeys Open() => SigningKeys.Open(KeyPath, _clock, NullLogger.Instance);

    /// <summary>Asking begins to make the next key in the background; then it is there.</summary>
    private static async Task<IReadOnlyList<SigningKey>> PublishedAsync(SigningKeys keys)
    {
        await keys.PublishedAsync(Cancel);
        await keys.Making;
        return await keys.PublishedAsync(Cancel);
    }
}
