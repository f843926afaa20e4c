using System.Security.Cryptography;
using OpenPresence.Server.Board;
using OpenPresence.Server.Jsonc;
using OpenPresence.Server.Seed;

namespace OpenPresence.Server.Hosting;

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

    /// <summary>Takes the seed in, if the node has none yet.</summary>
    /// <exception cref="StartRefusedException">
    /// The file cannot be read, with every fault; or the node could not take in what it says.
    /// </exception>
    public static async Task TakeInAsync(Node node, ServerOptions options, CancellationToken cancel)
    {
        if (node.State.SeedHash.Length > 0 || Read(node, options) is not { } seed)
        {
            return;
        }
        var inFlight = new Queue<Task>();
        foreach (var change in seed.State.Directory)
        {
            await AddAsync(inFlight, EntryPayload.Of(change));
        }
        foreach (var (person, command) in seed.State.Presence)
        {
            await AddAsync(inFlight, EntryPayload.Of(person, command));
        }
        await Task.WhenAll(inFlight).WaitAsync(cancel);
        await node.AppendAsync(EntryPayload.Seeded(seed.Hash));

        async Task AddAsync(Queue<Task> waiting, byte[] payload)
        {
            cancel.ThrowIfCancellationRequested();
            if (waiting.Count == EntriesInFlightMax)
            {
                await waiting.Dequeue();
            }
            waiting.Enqueue(AppendAsync(node, payload));
        }
    }

    private static async Task AppendAsync(Node node, byte[] payload)
    {
        var result = await node.AppendAsync(payload);
        if (result != default)
        {
            throw new StartRefusedException($"The seed does not fit what is there: {result}.");
        }
    }

    private static (SeededState State, byte[] Hash)? Read(Node node, ServerOptions options)
    {
        var at = node.State.Clock.Now;
        if (options.Seed is null)
        {
            return options.Profile == Profile.Development
                ? (SeededState.Demo(at), SHA256.HashData("demo"u8))
                : null;
        }
        var bytes = ReadFile(options.Seed);
        var faults = new List<JsoncFault>();
        return SeedFile.Read(bytes, at, faults) is { } state
            ? (state, SHA256.HashData(bytes))
            : throw new StartRefusedException(
                string.Join('\n', faults.Select(fault => $"{options.Seed}{fault}"))
            );
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

/// <summary>The server does not start, and the user can do something about it.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
