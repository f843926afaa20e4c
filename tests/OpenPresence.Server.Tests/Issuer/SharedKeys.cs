using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>
/// One directory of keys for all hosts of a test run: making a key is the slowest thing a test
/// could do.
/// </summary>
internal static class SharedKeys
{
    private static readonly Lazy<string> Path = new(() =>
    {
        var directory = new TemporaryDirectory();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.Dispose();
        // Made long ago for every clock of the tests, and never due for rotation in between.
        var clock = new ManualClock();
        SigningKeys.Open(directory.Path, clock, NullLogger.Instance).Making.GetAwaiter().GetResult();
        return directory.Path;
    });

    public static SigningKeys Open(TimeProvider clock) => SigningKeys.Open(Copy(), clock, NullLogger.Instance);

    /// <summary>Puts the key where a server that starts in <paramref name="folder"/> finds it.</summary>
    public static void CopyInto(string folder)
    {
        System.IO.Directory.CreateDirectory(folder);
        foreach (var file in System.IO.Directory.GetFiles(Path.Value))
        {
            File.Copy(file, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file)));
        }
    }

    /// <summary>A copy, so that a host whose clock is moved rotates its own.</summary>
    private static string Copy()
    {
        var target = new TemporaryDirectory();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => target.Dispose();
        CopyInto(target.Path);
        return target.Path;
    }
}
