using OpenPresence.Server.Jsonc;
using OpenPresence.Server.Photos;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Seed;

/// <summary>Reads a picture that a seed names, from where the seed is.</summary>
/// <exception cref="IOException">There is none of that name, or it cannot be read.</exception>
public delegate byte[] SeedPictures(string name);

/// <summary>A person's photo, as a seed gives it.</summary>
/// <param name="Change">What the directory is told.</param>
/// <param name="Picture">The picture's bytes.</param>
public sealed record SeededPhoto(PersonPhotoChanged Change, ReadOnlyMemory<byte> Picture);

/// <summary>
/// The photos of a seed: files beside it, named relative to it, or one of the portraits that the program carries,
/// <c>demo:mara</c>, so that a copy of the demo seed is whole wherever it lies.
/// </summary>
internal static class SeedPhotos
{
    private const string DemoPrefix = "demo:";

    public const int NameCharsMax = 256;

    /// <summary>What all pictures of a seed may hold together, in bytes: they are read before anything is used.</summary>
    public const long BytesMax = 64 * 1024 * 1024;

    /// <summary>The pictures beside a seed file.</summary>
    public static SeedPictures Beside(string seedPath) =>
        name =>
        {
            var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(seedPath))!, name);
            var length = new FileInfo(path).Length;
            return length <= PhotoFiles.BytesMax
                ? File.ReadAllBytes(path)
                : throw new IOException($"It has {length:N0} bytes.");
        };

    private static byte[] Portrait(string name)
    {
        using var stream =
            typeof(SeedPhotos).Assembly.GetManifestResourceStream($"photos/{name[DemoPrefix.Length..]}.png")
            ?? throw new FileNotFoundException("There is no portrait of that name.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static void Read(SeedReading reading, Person person, JsoncValue value, string name)
    {
        var isOurs = name.StartsWith(DemoPrefix, StringComparison.Ordinal);
        var pictures = isOurs ? Portrait : reading.Pictures;
        if (pictures is null)
        {
            reading.Report(value, "A photo is a file beside the seed; this seed is no file.");
            return;
        }
        try
        {
            var picture = pictures(name);
            var sha256 = PhotoFiles.NameOf(picture);
            if (Picture.Read(picture, sha256) is not { } photo)
            {
                reading.Report(value, $"'{name}' is no JPEG or PNG picture.");
            }
            else if (reading.Photos.Sum(other => (long)other.Picture.Length) > BytesMax)
            {
                reading.Report(value, $"The photos have more than {BytesMax:N0} bytes together.");
            }
            else
            {
                reading.Photos.Add(new(new PersonPhotoChanged(person.Id, photo), picture));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            reading.Report(value, $"The photo cannot be read: {fault.Message}");
        }
    }
}
