using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>The documents say what the code says. (Their links: <see cref="MarkdownTests"/>.)</summary>
public sealed partial class DocumentTests
{
    /// <summary>What stands in a table, without the two lines at its head.</summary>
    public static TheoryData<string> ParityRows
    {
        get
        {
            var lines = ProjectFiles.Lines("docs/parity.md");
            return
            [
                .. lines.Where(
                    (line, at) => line.StartsWith('|') && !IsRule(line) && !IsRule(lines.ElementAtOrDefault(at + 1))
                ),
            ];
        }
    }

    [Theory]
    [MemberData(nameof(ParityRows))]
    public void A_row_of_the_parity_table_names_tests_that_exist(string row)
    {
        var cells = row.Trim('|', ' ').Split(" | ");
        Assert.Equal(4, cells.Length);
        Assert.All(cells, cell => Assert.NotEmpty(cell.Trim()));
        var named = CodeSpan().Matches(cells[3]).Select(match => match.Groups["code"].Value);
        Assert.NotEmpty(named);
        Assert.Superset(named.ToHashSet(StringComparer.Ordinal), ProjectFiles.TestNames.ToHashSet());
    }

    [Fact]
    public void The_layout_of_the_architecture_is_the_layout_of_the_folders()
    {
        var described = Layout().Match(ProjectFiles.Read("ARCHITECTURE.md")).Groups["lines"].Value;
        var folders = described
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')[0])
            .ToArray();
        Assert.All(folders, folder => Assert.True(ProjectFiles.Exists(folder), folder));

        var undescribed =
            from path in ProjectFiles.Under("src", ".cs")
            let folder = string.Join('/', path.Split('/')[..^1])
            where !folders.Contains(folder, StringComparer.Ordinal)
            select folder;
        Assert.Empty(undescribed.Distinct(StringComparer.Ordinal));
    }

    private static bool IsRule(string? line) => line is not null && line.StartsWith("|--", Ordinal);

    private const StringComparison Ordinal = StringComparison.Ordinal;

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("<!-- layout -->\n```\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Layout();
}
