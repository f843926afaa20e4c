namespace OpenPresence.Bench;

/// <summary>A folder that is gone afterwards, unless it was given by name.</summary>
/// <param name="given">The folder to use and to keep; null: a new one.</param>
public sealed class TemporaryDirectory(string? given = null) : IDisposable
{
    private readonly string path =
        given ?? Directory.CreateTempSubdirectory("openpresence-bench-").FullName;

    /// <summary>A folder in it.</summary>
    public string Sub(string name) => Directory.CreateDirectory(Path.Combine(path, name)).FullName;

    public void Dispose()
    {
        if (given is null)
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
