namespace OpenPresence.Bench;

/// <summary>A folder that is gone afterwards, unless it was given by name.</summary>
/// <param name="given">The folder to use and to keep; null: a new one.</param>
public sealed class TemporaryDirectory(string? given = null) : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path { get; } = given ?? Directory.CreateTempSubdirectory("openpresence-bench-").FullName;

    /// <summary>A folder in it.</summary>
    public string Sub(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public void Dispose()
    {
        if (given is null)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
