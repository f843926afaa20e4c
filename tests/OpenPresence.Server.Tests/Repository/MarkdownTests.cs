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
            let target = match.Groups["target"].Value
            where !IsElsewhere(target) && !Resolves(document, target)
            select target;
        Assert.Empty(broken);
    }

    [Fact]
    public void A_line_of_code_is_no_heading()
    {
        Assert.Equal(["title"], Anchors(["# Title", "```sh", "# only a remark of a shell", "```"]));
    }

    [Theory]
    [InlineData("see [a](b.md)")]
    [InlineData("see [a](b.md \"of that name\")")]
    [InlineData("see ![a](b.md)")]
    [InlineData("[a]: b.md")]
    [InlineData("<a href=\"b.md\">")]
    [InlineData("<img alt='a' src='b.md'>")]
    public void A_link_of_any_form_is_seen(string text)
    {
        Assert.Equal("b.md", Link().Match(text).Groups["target"].Value);
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
        return ProjectFiles.Exists(file.Replace('\\', '/'))
            && (
                parts.Length == 1
                || !file.EndsWith(".md", StringComparison.Ordinal)
                || Anchors(file).Contains(parts[1], StringComparer.Ordinal)
            );
    }

    /// <summary>Headings as GitHub turns them into anchors.</summary>
    internal static IEnumerable<string> Anchors(string document) => Anchors(ProjectFiles.Lines(document));

    private static IEnumerable<string> Anchors(string[] lines)
    {
        var inCode = false;
        foreach (var line in lines)
        {
            inCode ^= line.StartsWith("```", StringComparison.Ordinal);
            if (!inCode && line.StartsWith('#'))
            {
                yield return NotInAnchors()
                    .Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "")
                    .Replace(' ', '-');
            }
        }
    }

    private static string WithoutCode(string text) => Code().Replace(text, "");

    [GeneratedRegex(
        @"\]\((?<target>[^)\s]+)[^)]*\)"
            + @"|^\[[^\]]+\]: *(?<target>\S+)"
            + @"|<\w[^>]* (?:href|src)=[""'](?<target>[^""']+)",
        RegexOptions.Multiline
    )]
    private static partial Regex Link();

    [GeneratedRegex(@"```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
