using System.Collections.Immutable;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Keys;

/// <summary>
/// The built-in issuer's signing keys: made when first needed, kept in files, rotated with overlap
/// as <see cref="SigningKeySchedule"/> says.
/// </summary>
/// <remarks>
/// <para>Making an RSA key takes between 30 ms and half a second, which a start within one second
/// cannot wait for. So <see cref="Open"/> only reads the files; a missing key is made in the
/// background from that moment on, and who needs it before it is there waits for it.</para>
/// <para>Rotation needs no timer: whoever asks for a key looks at the clock, and starts the next
/// key's making if it is due. An issuer that nobody asks has no need for a new key.</para>
/// <para>Several nodes sign with the same keys. Of those that share the folder one makes the next
/// key, and the others find it: now and then they look, and when a token, or another node, names a
/// key that they do not know. Where each has a copy of the folder, somebody has to carry the file
/// over, and may forget; so a key signs nothing until all nodes have it
/// (<see cref="SignOnlyWith"/>), and the one before goes on, and is kept for its tokens after that.
/// </para>
/// </remarks>
public sealed class SigningKeys : IVerificationKeys
{
    /// <summary>
    /// After a key could not be kept, how long until the next attempt, while an older one signs.
    /// </summary>
    public static readonly TimeSpan RetryAfterFailure = TimeSpan.FromMinutes(1);

    /// <summary>How often a folder that others write to is looked at.</summary>
    public static readonly TimeSpan RereadEvery = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How often at most it is looked at because a token names an unknown key: anybody can.
    /// </summary>
    public static readonly TimeSpan RereadForUnknownEvery = TimeSpan.FromSeconds(5);

    private readonly SigningKeyFiles _files;
    private readonly Func<CancellationToken, Task<IAsyncDisposable>>? _alone;
    private readonly HashSet<string> _undeletable = [];
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Lock _changing = new();
    private volatile KeyRing _ring;
    private IReadOnlySet<string>? _everybodys;
    private Task _making = Task.CompletedTask;
    private Instant _retryAt;
    private Instant _readAt;
    private Instant _nothingRetiresUntil;

    private SigningKeys(
        SigningKeyFiles files,
        TimeProvider clock,
        ILogger log,
        Func<CancellationToken, Task<IAsyncDisposable>>? alone
    )
    {
        _files = files;
        _clock = clock;
        _log = log;
        _alone = alone;
        _ring = new KeyRing([.. files.Load([])], null);
        _readAt = Now;
        // What signed before this start, and for how long, is known of a node that is alone.
        _nothingRetiresUntil = alone is null ? default : Now + SigningKeySchedule.PublishedAfter;
    }

    /// <summary>Reads the keys of a directory, and begins to make one if one is due.</summary>
    /// <param name="directory">Where they are.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Told of keys that are made, never of a key.</param>
    /// <param name="alone">
    /// Held while a key is made, where several nodes sign with the same keys; null: this is the only one.
    /// </param>
    /// <exception cref="InvalidDataException">A file is no key, or others than its owner and group may read
    /// it.</exception>
    public static SigningKeys Open(
        string directory,
        TimeProvider clock,
        ILogger log,
        Func<CancellationToken, Task<IAsyncDisposable>>? alone = null
    )
    {
        var keys = new SigningKeys(new SigningKeyFiles(directory), clock, log, alone);
        _ = keys.Rotate();
        return keys;
    }

    /// <summary>The id of the key that signs now; null: there is none yet.</summary>
    public string? CurrentId => _ring is { Keys.IsEmpty: false } ring ? ring.SignerAt(Now).KeyId : null;

    /// <summary>The names of all keys that there are here, oldest first.</summary>
    public IReadOnlyList<string> Names => [.. _ring.Keys.Select(key => key.Name)];

    /// <summary>Whether a key is known here; looks at the folder again before it says no.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="lookEvery">How often at most it looks at the folder.</param>
    public bool Knows(string keyId, TimeSpan lookEvery) =>
        IsKept(keyId) || (RereadIfShared(lookEvery) && IsKept(keyId));

    /// <summary>
    /// Tells the names of the keys that all nodes have. No other one signs, unless there is none: whatever a node signs, every
    /// node has to be able to check.
    /// </summary>
    public void SignOnlyWith(IReadOnlySet<string> everybodys)
    {
        lock (_changing)
        {
            if (_everybodys?.SetEquals(everybodys) != true)
            {
                _everybodys = everybodys;
                Replace(_ring.Keys);
            }

            if (_ring.IsHeldBackAt(Now))
            {
                _nothingRetiresUntil = Now + SigningKeySchedule.PublishedAfter;
            }
        }
    }

    /// <summary>The key that signs now.</summary>
    public async ValueTask<SigningKey> CurrentAsync(CancellationToken cancel) =>
        (await ReadyAsync(cancel)).SignerAt(Now);

    /// <summary>Every key that a validator has to know now, oldest first.</summary>
    public async ValueTask<ImmutableArray<SigningKey>> PublishedAsync(CancellationToken cancel) =>
        Published(await ReadyAsync(cancel));

    /// <summary>Every key that something may be sealed with, newest first.</summary>
    internal async ValueTask<IEnumerable<SigningKey>> KeptAsync(CancellationToken cancel) =>
        (await ReadyAsync(cancel)).Keys.Reverse();

    /// <inheritdoc />
    public async ValueTask<VerificationKey?> FindAsync(string keyId, CancellationToken cancel)
    {
        await ReadyAsync(cancel);
        return Knows(keyId, RereadForUnknownEvery)
            ? Published(_ring).FirstOrDefault(k => k.KeyId == keyId)?.Verification
            : null;
    }

    /// <summary>Ends when the key that is being made, if any, is there or has failed.</summary>
    internal Task Making
    {
        get
        {
            lock (_changing)
            {
                return _making;
            }
        }
    }

    private Instant Now => Instant.From(_clock.GetUtcNow());

    private bool IsKept(string keyId) => _ring.Keys.Any(key => key.KeyId == keyId);

    private ImmutableArray<SigningKey> Published(KeyRing ring) =>
        ring.Keys[RetiredCount(ring, Now, SigningKeySchedule.PublishedAfter)..];

    private async ValueTask<KeyRing> ReadyAsync(CancellationToken cancel)
    {
        RereadIfShared(RereadEvery);
        var making = Rotate();
        if (_ring.Keys.IsEmpty)
        {
            await making.WaitAsync(cancel);
        }

        return _ring;
    }

    /// <summary>Drops keys that are not needed, and begins to make the next if it is due.</summary>
    private Task Rotate()
    {
        var now = Now;
        var ring = _ring;
        if (!ring.IsKeyDue(now) && RetiredCount(ring, now, SigningKeySchedule.KeptAfter) == 0)
        {
            return Task.CompletedTask;
        }

        lock (_changing)
        {
            Retire(now);
            var isDue = _ring.IsKeyDue(now);
            var mayTry = _ring.Keys.IsEmpty || now >= _retryAt;
            if (isDue && mayTry && _making.IsCompleted)
            {
                _making = Task.Run(MakeAsync);
            }

            return _making;
        }
    }

    private async Task MakeAsync()
    {
        try
        {
            await using var held = _alone is null ? null : await _alone(CancellationToken.None);
            if (held is not null && RereadIfShared(TimeSpan.Zero) && !_ring.IsKeyDue(Now))
            {
                return; // another node has made it
            }

            // To the second, as the file's name says it, so that a restart changes nothing.
            var now = Now;
            var key = SigningKey.Generate(new Instant(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond));
            _files.Save(key);
            lock (_changing)
            {
                Replace(_ring.Keys.Add(key));
            }

            _log.LogInformation("Made signing key {KeyId}.", key.KeyId);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JournalUnavailableException)
        {
            lock (_changing)
            {
                _retryAt = Now + RetryAfterFailure;
            }

            _log.LogError(e, "A new signing key could not be kept.");
            throw;
        }
    }

    /// <summary>
    /// Looks which keys there are by now, if others may have made one; false: it did not. What cannot be read stays as it was.
    /// </summary>
    private bool RereadIfShared(TimeSpan atMostEvery)
    {
        if (_alone is null || Now < _readAt + atMostEvery)
        {
            return false;
        }

        lock (_changing)
        {
            _readAt = Now;
            try
            {
                var found = _files.Load(_ring.Keys).Where(k => !_undeletable.Contains(k.KeyId));
                Replace([.. found]);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                _log.LogError(e, "The signing keys could not be read anew.");
                return false;
            }
        }
    }

    /// <summary>For who holds the gate.</summary>
    private void Replace(ImmutableArray<SigningKey> keys) => _ring = new KeyRing(keys, _everybodys);

    private int RetiredCount(KeyRing ring, Instant now, TimeSpan after) =>
        now < _nothingRetiresUntil ? 0 : ring.RetiredCountAt(now, after);

    private void Retire(Instant now)
    {
        for (var count = RetiredCount(_ring, now, SigningKeySchedule.KeptAfter); count > 0; count--)
        {
            var key = _ring.Keys[0];
            Replace(_ring.Keys.RemoveAt(0));
            try
            {
                _files.Delete(key);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _undeletable.Add(key.KeyId);
                _log.LogError(e, "Retired signing key {KeyId} could not be deleted.", key.KeyId);
            }
        }
    }
}
