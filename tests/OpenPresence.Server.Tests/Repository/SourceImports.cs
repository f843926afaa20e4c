using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>An import: a file, and a folder that it takes something from.</summary>
/// <param name="Path">The file.</param>
/// <param name="From">Its folder.</param>
/// <param name="To">The other folder.</param>
internal sealed record Import(string Path, string From, string To);

/// <summary>
/// Reads from the text of source files which folders each imports. A folder is a namespace, so an import is:
/// <list type="bullet">
/// <item>a <c>using</c> of a namespace, of a type (<c>using static</c>) or of another name for one;</item>
/// <item>a name with its namespace before it, whole or as far as the place needs it, in code or in a <c>cref</c>;</item>
/// <item>the simple name of a type, or the call of an extension method, of a folder around the file's own: C# asks for no
/// <c>using</c> there, so the tempting shortcut, to read the lines with <c>using</c> alone, would not see it.</item>
/// </list>
/// Comments and strings are read like code: what they name is not told apart.
/// </summary>
internal sealed partial class SourceImports
{
    private readonly string[] prefixes;
    private readonly ILookup<string, string> types;
    private readonly ILookup<string, string> extensions;

    /// <summary>Reads the files of a project.</summary>
    /// <param name="root">The namespace of the project's own folder.</param>
    /// <param name="files">The files: the path inside of the project, and the text.</param>
    public SourceImports(string root, IReadOnlyCollection<(string Path, string Text)> files)
    {
        var names = root.Split('.');
        prefixes = [.. names.Select((_, index) => string.Join('.', names[index..]) + ".")];
        types = ByFolder(files, DeclaredType());
        extensions = ByFolder(files, DeclaredExtension());
        All = [.. files.SelectMany(file => Of(file.Path, file.Text)).Distinct()];
    }

    /// <summary>Every import of another folder.</summary>
    public IReadOnlyList<Import> All { get; }

    /// <summary>The folder of a file, by its path; empty: the project's own.</summary>
    public static string FolderOf(string path) => path.Contains('/') ? path[..path.LastIndexOf('/')] : "";

    private IEnumerable<Import> Of(string path, string text)
    {
        var own = FolderOf(path);
        return Usings(text)
            .Concat(QualifiedNames(own, text))
            .Concat(NamesFromAround(own, text))
            .Where(folder => folder != own)
            .Select(folder => new Import(path, own, folder));
    }

    /// <summary>Of <c>using A.B;</c>, <c>using static A.B.C;</c> and <c>using D = A.B.C;</c>.</summary>
    private IEnumerable<string> Usings(string text) =>
        from Match match in UsingDirective().Matches(text)
        let folder = LongestFolder(match.Groups["name"].Value)
        where folder is not null
        select folder;

    /// <summary>
    /// Of <c>A.B.Type</c>, which may begin at any namespace around the file: it counts when a type of that folder follows.
    /// </summary>
    private IEnumerable<string> QualifiedNames(string own, string text) =>
        from Match match in DottedName().Matches(text)
        let names = match.Value.Split('.')
        from around in Around(own).Prepend(own)
        from count in Enumerable.Range(1, names.Length - 1)
        let folder = Inside(around, names[..count])
        where folder is not null && types[folder].Contains(names[count], StringComparer.Ordinal)
        select folder;

    private IEnumerable<string> NamesFromAround(string own, string text)
    {
        var names = SimpleName().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        var calls = CalledMember().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        return Around(own).Where(around => types[around].Any(names.Contains) || extensions[around].Any(calls.Contains));
    }

    /// <summary>The folders around a folder, the nearest first, the project's own last.</summary>
    private static IEnumerable<string> Around(string folder)
    {
        while (folder.Length > 0)
        {
            folder = FolderOf(folder);
            yield return folder;
        }
    }

    /// <summary>The folder that names lead to from inside of another one; null: there is none.</summary>
    private string? Inside(string around, string[] names)
    {
        var whole = string.Join('.', names);
        // From here the last names of the project's own namespace may stand for all of it.
        var prefix = prefixes.FirstOrDefault(start => whole.StartsWith(start, StringComparison.Ordinal));
        var inner = whole[(prefix?.Length ?? 0)..].Replace('.', '/');
        var folder = prefix is not null || around.Length == 0 ? inner : $"{around}/{inner}";
        return types.Contains(folder) ? folder : null;
    }

    /// <summary>The folder of a namespace, or of the type that a name ends with.</summary>
    private string? LongestFolder(string name)
    {
        var names = name.Split('.');
        return Enumerable
            .Range(0, names.Length)
            .Select(dropped => Inside("", names[..(names.Length - dropped)]))
            .FirstOrDefault(folder => folder is not null);
    }

    private static ILookup<string, string> ByFolder(
        IReadOnlyCollection<(string Path, string Text)> files,
        Regex declared
    ) =>
        files
            .SelectMany(file =>
                declared.Matches(file.Text).Select(match => (FolderOf(file.Path), match.Groups["name"]))
            )
            .ToLookup(pair => pair.Item1, pair => pair.Item2.Value);

    [GeneratedRegex(
        @"^\s*(?:global\s+)?using\s+(?:static\s+|\w+\s*=\s*)?(?:global::)?(?<name>[\w.]+)\s*;",
        RegexOptions.Multiline
    )]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)+")]
    private static partial Regex DottedName();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*")]
    private static partial Regex SimpleName();

    [GeneratedRegex(@"(?<=\.)[A-Z]\w*(?=[(<])")]
    private static partial Regex CalledMember();

    // At the margin, for a type inside of another one is reached by the outer one's name.
    [GeneratedRegex(
        @"^(?:(?:public|internal|sealed|abstract|static|readonly|partial|ref|unsafe|file)\s+)*"
            + @"(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w<>?.,\[\] ]+?)\s+(?<name>[A-Z]\w*)",
        RegexOptions.Multiline
    )]
    private static partial Regex DeclaredType();

    [GeneratedRegex(@"\bstatic\b[^(\n;=]*\s(?<name>[A-Z]\w*)(?:<[^>(]*>)?\(\s*this\s")]
    private static partial Regex DeclaredExtension();
}
