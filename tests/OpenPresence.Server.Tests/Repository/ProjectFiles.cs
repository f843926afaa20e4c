using System.Text.RegularExpressions;
using Folder = System.IO.Directory;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>
/// The project as files: what the tests of this folder read. Found by walking up from the test program to
/// the solution, so that they run from any working directory; without git, so that they run in an archive.
/// </summary>
internal static partial class ProjectFiles
{
    /// <summary>Made by tools, or belonging to others.</summary>
    private static readonly string[] NotOurs =
    [
        ".git",
        ".openpresence",
        ".vs",
        "TestResults",
        "artifacts",
        "bin",
        "node_modules",
        "obj",
    ];

    public static string Root { get; } = FindRoot();

    /// <summary>Every file of the project, relative, with forward slashes.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> Under(string folder, string extension) =>
        All.Where(path =>
            path.StartsWith(folder + "/", StringComparison.Ordinal)
            && path.EndsWith(extension, StringComparison.Ordinal)
        );

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    public static bool Exists(string path) =>
        File.Exists(Path.Combine(Root, path)) || Folder.Exists(Path.Combine(Root, path));

    /// <summary>
    /// The tests by name: <c>Class.Method</c> for xunit, <c>file.test.mjs: title</c> for the Node clients (with
    /// an ellipsis for what a title takes from a table), <c>name.transcript: remark</c> for the transcripts.
    /// </summary>
    public static IReadOnlySet<string> TestNames { get; } =
        Under("tests", ".cs")
            .SelectMany(XunitTests)
            .Concat(Under("tests/clients", ".test.mjs").SelectMany(NodeTests))
            .Concat(Under("tests", ".transcript").SelectMany(TranscriptTitles))
            .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> XunitTests(string path)
    {
        var type = "";
        foreach (Match match in TypeOrTest().Matches(Read(path)))
        {
            if (match.Groups["type"].Success)
            {
                type = match.Groups["type"].Value;
            }
            else
            {
                yield return $"{type}.{match.Groups["test"].Value}";
            }
        }
    }

    private static IEnumerable<string> NodeTests(string path) =>
        from Match match in NodeTest().Matches(Read(path))
        let title = TemplateHole().Replace(match.Groups["title"].Value, "…")
        select $"{Path.GetFileName(path)}: {title}";

    private static IEnumerable<string> TranscriptTitles(string path) =>
        from line in Lines(path)
        where line.StartsWith("# ", StringComparison.Ordinal)
        select $"{Path.GetFileName(path)}: {line[2..]}";

    private static IEnumerable<string> Walk(string folder)
    {
        // In a linked work tree `.git` is a file that names a folder of this machine.
        var files = Folder.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != ".git");
        foreach (var file in files)
        {
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        foreach (var inner in Folder.EnumerateDirectories(folder))
        {
            if (!NotOurs.Contains(Path.GetFileName(inner), StringComparer.Ordinal))
            {
                foreach (var file in Walk(inner))
                {
                    yield return file;
                }
            }
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OpenPresence.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests stand outside of the project.");
        }

        return folder.FullName;
    }

    // A class that is no part of another, or the attribute that makes a test, the attributes that follow it, and the method's name.
    [GeneratedRegex(
        @"^\w[\w ]*\bclass\s+(?<type>\w+)"
            + @"|\[(?:Fact|Theory)\b[^\n]*\](?:\s*\[[^\n]*\]|\s*\[\w+\((?:[^()]|\([^()]*\))*\)\])*"
            + @"\s*public\s+(?:async\s+)?[\w<>\[\]]+\s+(?<test>\w+)\s*\(",
        RegexOptions.Multiline
    )]
    private static partial Regex TypeOrTest();

    // The quote that opens the title closes it; another one may stand inside.
    [GeneratedRegex(@"^\s*(?:test|it)\(\s*(?<quote>['""`])(?<title>.+?)\k<quote>", RegexOptions.Multiline)]
    private static partial Regex NodeTest();

    [GeneratedRegex(@"\$\{[^}]*\}")]
    private static partial Regex TemplateHole();
}
