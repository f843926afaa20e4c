namespace OpenPresence.Bench;

/// <summary>A folder that is gone afterwards.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("openpresence-bench-").FullName;

    /// <summary>A folder in it.</summary>
    public string Sub(string name) => Directory.CreateDirectory(Path.Combine(path, name)).FullName;

    public void Dispose() => Directory.Delete(path, recursive: true);
}
