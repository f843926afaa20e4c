using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>No document points to what is not there.</summary>
public sealed partial class MarkdownTests
{
    public static TheoryData<string> Documents =>
        [.. ProjectFiles.All.Where(path => path.EndsWith(".md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_relative_link_leads_somewhere(string document)
    {
        var broken =
            from Match match in Link().Matches(WithoutCode(ProjectFiles.Read(document)))
            let target = match.Groups[1].Value
            where !IsElsewhere(target) && !Resolves(document, target)
            select target;
        Assert.Empty(broken);
    }

    private static bool IsElsewhere(string target) =>
        target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal);

    private static bool Resolves(string document, string target)
    {
        var parts = target.Split('#', 2);
        var folder = Path.GetDirectoryName(document) ?? "";
        var file =
            parts[0].Length == 0
                ? document
                : Path.GetRelativePath(
                    ProjectFiles.Root,
                    Path.GetFullPath(Path.Combine(ProjectFiles.Root, folder, parts[0]))
                );
        return ProjectFiles.Exists(file)
            && (
                parts.Length == 1
                || !file.EndsWith(".md", StringComparison.Ordinal)
                || Anchors(file).Contains(parts[1], StringComparer.Ordinal)
            );
    }

    /// <summary>Headings as GitHub turns them into anchors.</summary>
    internal static IEnumerable<string> Anchors(string document) =>
        ProjectFiles
            .Lines(document)
            .Where(line => line.StartsWith('#'))
            .Select(line =>
                NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-')
            );

    private static string WithoutCode(string text) => Code().Replace(text, "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
