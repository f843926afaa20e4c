using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Cluster;
using OpenPresence.Server.Keys;
using OpenPresence.Server.Tests.Issuer;

namespace OpenPresence.Server.Tests.Cluster;

/// <summary>What a node makes of the keys that the others say they have.</summary>
public sealed class KeyAgreementTests : IDisposable
{
    private static readonly Guid Self = Guid.NewGuid();

    private readonly TemporaryDirectory folder = new();
    private readonly ManualClock clock = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Nodes_with_the_same_keys_agree()
    {
        var keys = await OpenAsync();
        var agreement = new KeyAgreement(keys, NullLogger.Instance);

        agreement.Compare(With(Other(keys.CurrentId, [.. keys.Names])));

        Assert.Null(agreement.Fault);
    }

    [Fact]
    public async Task A_key_that_is_not_here_is_named()
    {
        var keys = await OpenAsync();
        var agreement = new KeyAgreement(keys, NullLogger.Instance);
        var newer = "20991231T235959Z-abc-d";

        agreement.Compare(With(Other(keys.CurrentId, [.. keys.Names, newer])));
        Assert.Contains(newer, agreement.Fault, StringComparison.Ordinal);
        agreement.Compare(With(Other(keys.CurrentId, [.. keys.Names])));
        Assert.Null(agreement.Fault);
    }

    [Fact]
    public async Task A_key_that_has_had_its_time_is_not_missed()
    {
        var keys = await OpenAsync();
        var agreement = new KeyAgreement(keys, NullLogger.Instance);

        agreement.Compare(With(Other(keys.CurrentId, ["20200101T000000Z-abc", .. keys.Names])));

        Assert.Null(agreement.Fault);
    }

    [Fact]
    public async Task A_foreign_key_that_signs_is_the_worse_fault_and_own_tokens_go_on()
    {
        var keys = await OpenAsync();
        var own = keys.CurrentId;
        var agreement = new KeyAgreement(keys, NullLogger.Instance);

        agreement.Compare(With(Other("foreign", ["20991231T235959Z-foreign"])));

        Assert.Contains("signs with the key foreign", agreement.Fault, StringComparison.Ordinal);
        Assert.Equal(own, keys.CurrentId);
    }

    [Fact]
    public async Task A_node_that_has_no_keys_yet_keeps_nobody_from_signing()
    {
        var keys = await OpenAsync();
        var agreement = new KeyAgreement(keys, NullLogger.Instance);

        agreement.Compare(With(Other(null, [])));

        Assert.Null(agreement.Fault);
        Assert.NotNull(keys.CurrentId);
    }

    private async Task<SigningKeys> OpenAsync()
    {
        var keys = SigningKeys.Open(folder.File("keys"), clock, NullLogger.Instance);
        await keys.CurrentAsync(Cancel);
        return keys;
    }

    private static NodeCard Other(string? signs, string[] keys) =>
        new(Guid.NewGuid(), "other", 1, signs, Position: 0) { Keys = keys };

    private static ClusterView With(NodeCard other) => new(Self, [new KnownNode(other, IsLive: true)]);
}
