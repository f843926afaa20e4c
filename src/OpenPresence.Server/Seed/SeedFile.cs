using OpenPresence.Engine;
using OpenPresence.Server.Jsonc;

namespace OpenPresence.Server.Seed;

/// <summary>
/// Reads a seed: JSON with comments, as <c>docs/seed.schema.json</c> describes. All of it is read
/// before anything is used, and every fault is named with its line, column and path: a wrong seed stops the
/// start, and who wrote it should have to look only once.
/// </summary>
/// <remarks>
/// The file is read twice over: first into values that know their places (<see cref="JsoncDocument"/>), then
/// tenant by tenant into directory changes and presence commands. What the API would refuse (a pair, a
/// duration, a name that somebody has) is refused here too, with the same tables.
/// </remarks>
public static class SeedFile
{
    /// <summary>Larger directories are provisioned, not seeded: the reader keeps the whole file in memory.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    public const int TenantsMax = 1_000;

    /// <summary>The seed of a file; null when there is any fault.</summary>
    /// <param name="path">The file.</param>
    /// <param name="at">Now; relative times count from here.</param>
    /// <param name="faults">A line for each fault, the file's name first.</param>
    public static SeededState? ReadFile(string path, Instant at, out IReadOnlyList<string> faults)
    {
        try
        {
            var found = new List<JsoncFault>();
            var length = new FileInfo(path).Length;
            // A wrong path may name something that never ends: look before reading.
            var seed =
                length > BytesMax
                    ? TooLong(length, found)
                    : Read(File.ReadAllBytes(path), at, found, SeedPhotos.Beside(path));
            faults = [.. found.Select(fault => path + fault)];
            return seed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults = [$"{path}: The file cannot be read: {e.Message}"];
            return null;
        }
    }

    /// <summary>The seed; null when there is any fault.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="at">Now; relative times count from here.</param>
    /// <param name="faults">Where faults are added, in the order of the file.</param>
    /// <param name="pictures">Where photos are read from; null: a seed without a place has none.</param>
    public static SeededState? Read(
        ReadOnlySpan<byte> utf8,
        Instant at,
        List<JsoncFault> faults,
        SeedPictures? pictures = null
    )
    {
        if (utf8.Length > BytesMax)
        {
            return TooLong(utf8.Length, faults);
        }

        var before = faults.Count;
        var reading = new SeedReading(at, faults, pictures);
        if (JsoncDocument.Read(utf8, faults) is { } root)
        {
            var members = reading.MembersOf(root);
            var tenants = members.Items("tenants", TenantsMax);
            if (members.Required("tenants") is not null)
            {
                SeedTenants.Read(reading, tenants);
            }

            members.Done();
        }

        faults.Sort(before, faults.Count - before, JsoncFault.ByPosition);
        return faults.Count > before
            ? null
            : new SeededState([.. reading.Directory], [.. reading.Presence]) { Photos = [.. reading.Photos] };
    }

    private static SeededState? TooLong(long length, List<JsoncFault> faults)
    {
        var message = $"The file has {length:N0} bytes; at most {BytesMax:N0} are read.";
        faults.Add(new JsoncFault(new JsoncPosition(1, 1), "$", message));
        return null;
    }
}
