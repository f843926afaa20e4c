using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>The documents say what the code says. (Their links: <see cref="MarkdownTests"/>.)</summary>
public sealed partial class DocumentTests
{
    private const string NotYet = "not yet";

    public static TheoryData<string> ParityRows =>
        [.. ProjectFiles.Lines("docs/parity.md").Where(line => line.StartsWith("| ", Ordinal))];

    [Theory]
    [MemberData(nameof(ParityRows))]
    public void A_row_of_the_parity_table_names_tests_that_exist(string row)
    {
        var cells = row.Trim('|', ' ').Split(" | ");
        Assert.Equal(4, cells.Length);
        Assert.All(cells, cell => Assert.NotEmpty(cell.Trim()));
        if (cells[3] is NotYet or "test")
        {
            return;
        }
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

    [Fact]
    public void The_steps_of_the_walk_stand_in_the_code()
    {
        var steps = Step().Matches(ProjectFiles.Read("docs/walk.md"));
        Assert.NotEmpty(steps);
        var code = string.Concat(ProjectFiles.Under("src", ".cs").Select(ProjectFiles.Read));
        Assert.All(
            steps,
            step => Assert.Contains($"// {step.Groups["number"].Value}. {step.Groups["what"].Value}", code, Ordinal)
        );
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("<!-- layout -->\n```\n(?<lines>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Layout();

    [GeneratedRegex(@"^(?<number>\d+)\. \*\*(?<what>.+?)\*\*", RegexOptions.Multiline)]
    private static partial Regex Step();
}
