using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>The folders of the tests mirror those of the server; Repository reads the project, and has no subject there.</summary>
public sealed partial class MirrorTests
{
    private const string Server = "src/OpenPresence.Server/";
    private const string Tests = "tests/OpenPresence.Server.Tests/";

    /// <summary>By the name of a type, its folders: a name may stand in several.</summary>
    private static readonly ILookup<string, string> FoldersByType = (
        from path in ProjectFiles.Under(Server[..^1], ".cs")
        from Match match in DeclaredType().Matches(ProjectFiles.Read(path))
        select (Name: match.Groups["name"].Value, Folder: SourceImports.FolderOf(path[Server.Length..]))
    ).ToLookup(pair => pair.Name, pair => pair.Folder);

    private static readonly string[] TestFiles =
    [
        .. ProjectFiles.Under(Tests[..^1], ".cs").Select(path => path[Tests.Length..]),
    ];

    [Fact]
    public void Tests_named_after_a_type_stand_in_its_folder_or_in_one_around_it()
    {
        var strays =
            from path in TestFiles
            where path.EndsWith("Tests.cs", StringComparison.Ordinal)
            let type = Path.GetFileName(path)[..^"Tests.cs".Length]
            let folder = SourceImports.FolderOf(path)
            where
                folder != nameof(Repository)
                && FoldersByType.Contains(type)
                && !FoldersByType[type].Any(of => IsAtOrAround(folder, of))
            select $"{path} tests what stands in {string.Join(", ", FoldersByType[type])}";
        Assert.Empty(strays);
    }

    [Fact]
    public void A_namespace_of_tests_is_their_folder()
    {
        var strays =
            from path in TestFiles
            from Match match in Namespace().Matches(ProjectFiles.Read(Tests + path))
            let wanted = $"OpenPresence.Server.Tests/{SourceImports.FolderOf(path)}".TrimEnd('/').Replace('/', '.')
            where match.Groups["name"].Value != wanted
            select $"{path} has {match.Groups["name"].Value}";
        Assert.Empty(strays);
    }

    private static bool IsAtOrAround(string folder, string of) =>
        folder.Length > 0 && (of == folder || of.StartsWith(folder + "/", StringComparison.Ordinal));

    [GeneratedRegex(@"^(?:\w+ )*(?:class|struct|interface|enum|record) (?<name>[A-Z]\w*)", RegexOptions.Multiline)]
    private static partial Regex DeclaredType();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
