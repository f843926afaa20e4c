using System.Collections.Frozen;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Identity;

/// <summary>
/// The keys of an external issuer, fetched by OIDC discovery and kept.
/// </summary>
/// <remarks>
/// What happens when:
/// <list type="bullet">
/// <item>The key is here and fresh: answered at once, nothing is fetched.</item>
/// <item>The key is here and older than <see cref="RefreshAfter"/>: answered at once; a refresh runs beside it. Nobody
/// waits for a provider whose keys are known.</item>
/// <item>The key is not here: one refresh, which all who ask meanwhile wait for, and at most one every
/// <see cref="RefreshIntervalMin"/>. Any caller can make up a <c>kid</c>; without that bound this server would be a
/// means to flood the provider.</item>
/// <item>The refresh fails: the old keys stay, for at most <see cref="KeptThroughOutageMax"/>. A key that is not
/// among them is then neither known nor unknown, so the answer is an outage (503), not a refusal: a client that
/// gets a 401 throws its good token away.</item>
/// <item>The refresh succeeds: the new set replaces the old one as a whole. If a key went or changed, the
/// remembered tokens are flushed, so that what it signed ends now.</item>
/// </list>
/// The refresh belongs to no caller: one who leaves cancels waiting, not fetching.
/// </remarks>
public sealed class OidcKeys(OidcProvider provider, TimeProvider clock, Action onKeyRemoved, ILogger log)
    : IVerificationKeys
{
    /// <summary>The least time between two refreshes.</summary>
    public static readonly TimeSpan RefreshIntervalMin = TimeSpan.FromSeconds(10);

    /// <summary>The age at which keys are fetched again although all is well.</summary>
    public static readonly TimeSpan RefreshAfter = TimeSpan.FromHours(1);

    /// <summary>How long the last known keys count while the provider cannot be asked.</summary>
    public static readonly TimeSpan KeptThroughOutageMax = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private Known _known = new(FrozenDictionary<string, VerificationKey>.Empty, DateTimeOffset.MinValue);
    private Task? _refresh;
    private DateTimeOffset _nextRefreshAt = DateTimeOffset.MinValue;
    private volatile bool _lastRefreshFailed;

    /// <inheritdoc />
    public ValueTask<VerificationKey?> FindAsync(string keyId, CancellationToken cancel)
    {
        var known = Volatile.Read(ref _known);
        var age = clock.GetUtcNow() - known.FetchedAt;
        if (age > KeptThroughOutageMax || !known.Keys.TryGetValue(keyId, out var key))
        {
            return RefreshAndFindAsync(keyId, cancel);
        }
        if (age > RefreshAfter)
        {
            _ = RefreshIfAllowed();
        }
        return new(key);
    }

    private async ValueTask<VerificationKey?> RefreshAndFindAsync(string keyId, CancellationToken cancel)
    {
        await RefreshIfAllowed().WaitAsync(cancel);
        var known = Volatile.Read(ref _known);
        if (clock.GetUtcNow() - known.FetchedAt <= KeptThroughOutageMax && known.Keys.TryGetValue(keyId, out var key))
        {
            return key;
        }
        return _lastRefreshFailed ? throw new IssuerUnreachableException(provider.Name) : null;
    }

    private Task RefreshIfAllowed()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_refresh is { IsCompleted: false } running)
            {
                return running;
            }
            if (now < _nextRefreshAt)
            {
                return Task.CompletedTask;
            }
            _nextRefreshAt = now + RefreshIntervalMin;
            return _refresh = Task.Run(RefreshAsync);
        }
    }

    private async Task RefreshAsync()
    {
        try
        {
            var keys = await provider.FetchKeysAsync();
            var before = Volatile.Read(ref _known).Keys;
            Volatile.Write(ref _known, new(keys, clock.GetUtcNow()));
            _lastRefreshFailed = false;
            if (before.Values.Any(old => !IsStillThere(old, keys)))
            {
                onKeyRemoved();
            }
        }
        catch (OidcFetchException outage)
        {
            _lastRefreshFailed = true;
            log.LogWarning(
                "the keys of issuer {Issuer} could not be fetched: {Reason}; those known before are kept",
                provider.Name,
                outage.Message
            );
        }
    }

    private static bool IsStillThere(VerificationKey old, FrozenDictionary<string, VerificationKey> keys) =>
        keys.TryGetValue(old.KeyId, out var now)
        && now.Key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(old.Key.ExportSubjectPublicKeyInfo());

    private sealed record Known(FrozenDictionary<string, VerificationKey> Keys, DateTimeOffset FetchedAt);
}
