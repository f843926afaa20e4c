using System.Security.Cryptography;
using OpenPresence.Server.Cluster;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Jsonc;
using OpenPresence.Server.Photos;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Seed;

/// <summary>
/// Fills an empty data directory: from the file of the settings, or in development with the demo tenant. A
/// seed is many entries and then a mark; without the mark (a crash in the middle) the next start takes it
/// in again, which is harmless because every entry replaces. With the mark, the file is not looked at
/// any more: the directory lives its own life.
/// </summary>
public static class Seeding
{
    /// <summary>Entries that wait for the journal at once.</summary>
    public const int EntriesInFlightMax = 4096;

    /// <summary>Takes the seed in, if the node has none yet; of several nodes one does.</summary>
    /// <exception cref="StartRefusedException">
    /// The file cannot be read, with every fault; or the node could not take in what it says.
    /// </exception>
    public static async Task TakeInAsync(
        Node node,
        Database? database,
        PhotoFiles photos,
        ServerOptions options,
        StartProgress? progress,
        CancellationToken cancel
    )
    {
        if (node.State.SeedHash.Length > 0)
        {
            return;
        }
        progress?.Begin("waiting for another node, which may be seeding", () => 0, 0);
        await using var alone = database is null
            ? null
            : await Alone.HoldAsync(database, AdvisoryLocks.Seeding, cancel);
        if (alone is not null)
        {
            await node.CatchUpAsync(cancel);
            if (node.State.SeedHash.Length > 0)
            {
                return;
            }
        }
        progress?.Begin("reading the seed", () => 0, 0);
        if (Read(node.State.Clock.Now, options) is not { } seed)
        {
            return;
        }
        await seed.StorePicturesAsync(photos);
        byte[][] payloads = [.. seed.Payloads];
        var begun = node.State.Position;
        progress?.Begin("taking in the seed", () => node.State.Position - begun, payloads.Length);
        if (await AppendAsync(node, payloads, cancel) is { } refused)
        {
            throw new StartRefusedException($"The seed does not fit what is there: {refused}.");
        }
    }

    /// <summary>What a seed says, with the mark that it was taken in.</summary>
    public sealed record Seed(SeededState State, byte[] Hash)
    {
        /// <summary>The entries that bring it about, the mark last.</summary>
        public IEnumerable<byte[]> Payloads =>
            [
                .. State.Directory.Select(EntryPayload.Of),
                .. State.Photos.Select(photo => EntryPayload.Of(photo.Change)),
                .. State.Presence.Select(seeded => EntryPayload.Of(seeded.PersonId, seeded.Command)),
                EntryPayload.Seeded(Hash),
            ];

        /// <summary>Keeps the pictures; to be done before an entry names them.</summary>
        public async Task StorePicturesAsync(PhotoFiles photos)
        {
            foreach (var (change, picture) in State.Photos)
            {
                await photos.StoreAsync(change.Photo!.Sha256, picture);
            }
        }
    }

    /// <summary>
    /// Appends entries, many at once, the last of them when all others are applied. When one of them was not
    /// taken in, its result, and the last is not appended.
    /// </summary>
    public static async Task<EntryResult?> AppendAsync(
        Node node,
        IEnumerable<byte[]> payloads,
        CancellationToken cancel
    )
    {
        var inFlight = new Queue<Task<EntryResult>>();
        EntryResult? refused = null;
        byte[]? held = null;
        foreach (var payload in payloads)
        {
            cancel.ThrowIfCancellationRequested();
            if (held is not null)
            {
                inFlight.Enqueue(node.AppendAsync(held).AsTask());
            }
            if (inFlight.Count == EntriesInFlightMax)
            {
                refused ??= Refused(await inFlight.Dequeue());
            }
            held = payload;
        }
        foreach (var result in await Task.WhenAll(inFlight).WaitAsync(cancel))
        {
            refused ??= Refused(result);
        }
        if (refused is null && held is not null)
        {
            refused = Refused(await node.AppendAsync(held));
        }
        return refused;
    }

    /// <summary>What says that everything was done is the same for entries of all kinds.</summary>
    private static EntryResult? Refused(in EntryResult result) => result.IsDone ? null : result;

    /// <summary>The seed that an empty data directory begins with; null: none.</summary>
    /// <exception cref="StartRefusedException">The file cannot be read; names every fault.</exception>
    public static Seed? Read(Engine.Instant at, ServerOptions options)
    {
        if (options.Seed is null)
        {
            return options.Profile == Profile.Development ? new(SeededState.Demo(at), SHA256.HashData("demo"u8)) : null;
        }
        var bytes = ReadFile(options.Seed);
        var faults = new List<JsoncFault>();
        return SeedFile.Read(bytes, at, faults, SeedPhotos.Beside(options.Seed)) is { } state
            ? new(state, SHA256.HashData(bytes))
            : throw new StartRefusedException(string.Join('\n', faults.Select(fault => $"{options.Seed}{fault}")));
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The seed cannot be read: {unreadable.Message}");
        }
    }
}
