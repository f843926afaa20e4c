using System.Text.RegularExpressions;
using OpenPresence.Server.Tests.Transcripts;
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

    /// <summary>Whether it is a file of the project or a folder with one: what was built here is neither.</summary>
    public static bool Exists(string path) => path is "" or "." || Names.Value.Contains(path.TrimEnd('/'));

    private static readonly Lazy<HashSet<string>> Names = new(() =>
        All.SelectMany(path => path.Split('/').Select((_, at) => string.Join('/', path.Split('/')[..(at + 1)])))
            .ToHashSet(StringComparer.Ordinal)
    );

    /// <summary>
    /// The tests by name: <c>Class.Method</c> for xunit, <c>file.test.mjs: title</c> for the Node clients (with
    /// an ellipsis for what a title takes from a table), <c>name.transcript: remark</c> for what the
    /// transcripts ask and receive. What is skipped, or stands in a comment, is none.
    /// </summary>
    public static IReadOnlySet<string> TestNames { get; } =
        Under("tests", ".cs")
            .SelectMany(XunitTests)
            .Concat(Under("tests/clients", ".test.mjs").SelectMany(NodeTests))
            .Concat(Under("tests", ".transcript").SelectMany(RequestsOfTranscript))
            .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> XunitTests(string path)
    {
        var type = "";
        foreach (Match match in TypeOrTest().Matches(Comment().Replace(Read(path), "")))
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

    private static IEnumerable<string> RequestsOfTranscript(string path) =>
        from step in Transcript.Parse(Read(path)).Steps
        where step.IsRequest || step.Received.Count > 0
        select $"{Path.GetFileName(path)}: {step.Remark}";

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
            + @"|\[(?:Fact|Theory)\b(?![^\n]*\bSkip\b)[^\n]*\](?:\s*\[[^\n]*\]|\s*\[\w+\((?:[^()]|\([^()]*\))*\)\])*"
            + @"\s*public\s+(?:async\s+)?[\w<>\[\]]+\s+(?<test>\w+)\s*\(",
        RegexOptions.Multiline
    )]
    private static partial Regex TypeOrTest();

    [GeneratedRegex("^ *//.*", RegexOptions.Multiline)]
    private static partial Regex Comment();

    // The quote that opens the title closes it; another one may stand inside.
    [GeneratedRegex(@"^\s*(?:test|it)\(\s*(?<quote>['""`])(?<title>.+?)\k<quote>", RegexOptions.Multiline)]
    private static partial Regex NodeTest();

    [GeneratedRegex(@"\$\{[^}]*\}")]
    private static partial Regex TemplateHole();
}
