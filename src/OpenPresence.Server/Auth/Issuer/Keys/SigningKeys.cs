using System.Collections.Immutable;
using OpenPresence.Engine;

namespace OpenPresence.Server.Auth.Issuer.Keys;

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
/// </remarks>
public sealed class SigningKeys : IVerificationKeys
{
    /// <summary>
    /// After a key could not be kept, how long until the next attempt, while an older one signs.
    /// </summary>
    public static readonly TimeSpan RetryAfterFailure = TimeSpan.FromMinutes(1);

    private readonly SigningKeyFiles _files;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Lock _changing = new();
    private volatile KeyRing _ring;
    private Task _making = Task.CompletedTask;
    private Instant _retryAt;

    private SigningKeys(SigningKeyFiles files, TimeProvider clock, ILogger log)
    {
        _files = files;
        _clock = clock;
        _log = log;
        _ring = new KeyRing([.. files.Load()]);
    }

    /// <summary>Reads the keys of a directory, and begins to make one if one is due.</summary>
    /// <exception cref="InvalidDataException">A file is no key, or others than its owner may read
    /// it.</exception>
    public static SigningKeys Open(string directory, TimeProvider clock, ILogger log)
    {
        var keys = new SigningKeys(new SigningKeyFiles(directory), clock, log);
        _ = keys.Rotate();
        return keys;
    }

    /// <summary>The key that signs now.</summary>
    public async ValueTask<SigningKey> CurrentAsync(CancellationToken cancel)
    {
        var ring = await ReadyAsync(cancel);
        return ring.Keys[SigningKeySchedule.SigningIndex(ring.MadeAt, Now)];
    }

    /// <summary>Every key that a validator has to know now, oldest first.</summary>
    public async ValueTask<ImmutableArray<SigningKey>> PublishedAsync(CancellationToken cancel) =>
        (await ReadyAsync(cancel)).Keys;

    /// <inheritdoc />
    public async ValueTask<VerificationKey?> FindAsync(string keyId, CancellationToken cancel)
    {
        var ring = await ReadyAsync(cancel);
        foreach (var key in ring.Keys)
        {
            if (key.KeyId == keyId)
            {
                return key.Verification;
            }
        }

        return null;
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

    private async ValueTask<KeyRing> ReadyAsync(CancellationToken cancel)
    {
        var making = Rotate();
        if (_ring.Keys.IsEmpty)
        {
            await making.WaitAsync(cancel);
        }

        return _ring;
    }

    /// <summary>Drops keys that nobody needs, and begins to make the next if it is due.</summary>
    private Task Rotate()
    {
        var now = Now;
        var ring = _ring;
        if (
            !SigningKeySchedule.IsKeyDue(ring.MadeAt, now)
            && SigningKeySchedule.RetiredCount(ring.MadeAt, now) == 0
        )
        {
            return Task.CompletedTask;
        }

        lock (_changing)
        {
            Retire(now);
            var isDue = SigningKeySchedule.IsKeyDue(_ring.MadeAt, now);
            var mayTry = _ring.Keys.IsEmpty || now >= _retryAt;
            if (isDue && mayTry && _making.IsCompleted)
            {
                _making = Task.Run(Make);
            }

            return _making;
        }
    }

    private void Make()
    {
        try
        {
            // To the second, as the file's name says it, so that a restart changes nothing.
            var now = Now;
            var key = SigningKey.Generate(
                new Instant(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond)
            );
            _files.Save(key);
            lock (_changing)
            {
                _ring = new KeyRing(_ring.Keys.Add(key));
            }

            _log.LogInformation("Made signing key {KeyId}.", key.KeyId);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            lock (_changing)
            {
                _retryAt = Now + RetryAfterFailure;
            }

            _log.LogError(e, "A new signing key could not be kept.");
            throw;
        }
    }

    private void Retire(Instant now)
    {
        for (var count = SigningKeySchedule.RetiredCount(_ring.MadeAt, now); count > 0; count--)
        {
            var key = _ring.Keys[0];
            _ring = new KeyRing(_ring.Keys.RemoveAt(0));
            try
            {
                _files.Delete(key);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _log.LogError(e, "Retired signing key {KeyId} could not be deleted.", key.KeyId);
            }
        }
    }

    /// <summary>The keys at one moment, oldest first.</summary>
    private sealed class KeyRing(ImmutableArray<SigningKey> keys)
    {
        public ImmutableArray<SigningKey> Keys { get; } = keys;

        private readonly Instant[] _madeAt = [.. keys.Select(k => k.MadeAt)];

        public ReadOnlySpan<Instant> MadeAt => _madeAt;
    }
}
