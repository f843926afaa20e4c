using System.Collections.Frozen;
using System.Collections.Immutable;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Identity;

/// <summary>One permission that allows one operation to one kind of caller.</summary>
/// <param name="Name">As tokens spell it, for example <c>Presence.Read</c>.</param>
/// <param name="Opens">Whose data it opens: <see cref="Access.Self"/> or <see cref="Access.Everyone"/>.</param>
public readonly record struct Grant(string Name, Access Opens);

/// <summary>What is published about a permission.</summary>
/// <param name="Name">As tokens spell it.</param>
/// <param name="DelegatedId">The id of the delegated permission; null: there is none.</param>
/// <param name="ApplicationId">The id of the application permission; null: there is none.</param>
/// <param name="DelegatedNeedsAdmin">Whether only an administrator may consent to the delegated one.</param>
public sealed record Permission(string Name, Guid? DelegatedId, Guid? ApplicationId, bool DelegatedNeedsAdmin);

/// <summary>
/// Which permission opens which operation, and whose data it opens with it.
/// </summary>
/// <remarks>
/// The facts are data: <c>permissions.json</c>, embedded in the assembly, one row an operation. This class
/// only reads it and answers three questions:
/// <list type="number">
/// <item>what may this token do? (<see cref="AccessOf"/>, asked once per token, never per request)</item>
/// <item>what would have done instead? (<see cref="WouldDo"/>, least privileged first)</item>
/// <item>what does a 403 say? (<see cref="Forbid"/>)</item>
/// </list>
/// Three things are deliberately not decided here. That an application token cannot use <c>/me</c>: its row
/// is simply empty, but Graph answers 400 and not 403, so the route asks before the table does. Who "self"
/// is: the route compares <see cref="Caller.UserId"/> with the id in its path. And that a person may have
/// been disabled since: that ends the token, not the permission.
///
/// COMPAT(graph): the delegated <c>Presence.ReadWrite</c> does not open a GET, although its description says
/// "read and write"; the application's <c>Presence.ReadWrite.All</c> does. The table follows the published
/// rows, so an application that works here works there. The tempting wrong change is to let a write
/// permission imply the read permission by its name.
/// </remarks>
public sealed class PermissionTable
{
    /// <summary>At most so many permissions stand in the details of a 403; the first is enough.</summary>
    public const int NamedInRefusalMax = 5;

    /// <summary>In the table: any permission, and none.</summary>
    public const string AnyPermission = "*";

    private const int KindCount = 3;
    private static readonly int OperationCount = Enum.GetValues<Operation>().Length;

    private readonly ImmutableArray<Grant>[] _grants;
    private readonly FrozenDictionary<string, Permission> _permissions;

    internal PermissionTable(ImmutableArray<Grant>[] grants, FrozenDictionary<string, Permission> permissions)
    {
        _grants = grants;
        _permissions = permissions;
    }

    /// <summary>The table that the assembly carries: Graph's.</summary>
    public static PermissionTable Built { get; } = PermissionRows.ReadEmbedded(isBeyondGraph: false);

    /// <summary>The same, with what we allow to applications beyond it.</summary>
    public static PermissionTable BeyondGraph { get; } = PermissionRows.ReadEmbedded(isBeyondGraph: true);

    /// <summary>The table that the settings choose.</summary>
    public static PermissionTable Of(bool goesBeyondGraph) => goesBeyondGraph ? BeyondGraph : Built;

    /// <summary>Every permission that has an id, by its name.</summary>
    public IReadOnlyDictionary<string, Permission> Permissions => _permissions;

    /// <summary>For each operation, in the order of the enum, what the permissions open together.</summary>
    public Access[] AccessOf(CallerKind kind, IReadOnlyList<string> permissions)
    {
        var access = new Access[OperationCount];
        for (var operation = 0; operation < access.Length; operation++)
        {
            foreach (var grant in _grants[RowOf((Operation)operation, kind)])
            {
                if (
                    grant.Opens > access[operation]
                    && (grant.Name == AnyPermission || permissions.Contains(grant.Name, StringComparer.Ordinal))
                )
                {
                    access[operation] = grant.Opens;
                }
            }
        }
        return access;
    }

    /// <summary>
    /// The permissions that open the operation to that kind of caller, least privileged first; with
    /// <paramref name="needed"/> = <see cref="Access.Everyone"/> only those that open other people's data.
    /// Empty: no permission does.
    /// </summary>
    public ImmutableArray<Grant> WouldDo(Operation operation, CallerKind kind, Access needed = Access.Self) =>
        _grants[RowOf(operation, kind)].RemoveAll(grant => grant.Opens < needed);

    /// <summary>The refusal of a caller whose permissions do not reach, with those that would.</summary>
    public Refusal Forbid(Operation operation, CallerKind kind, Access needed = Access.Self)
    {
        var half = kind is CallerKind.Application ? "application" : "delegated";
        var grants = WouldDo(operation, kind, needed);
        var details = grants
            .Take(NamedInRefusalMax)
            .Select(
                (grant, index) =>
                    new RefusalDetail(
                        grant.Name,
                        $"The {half} permission {grant.Name} would do"
                            + (grant.Opens is Access.Self ? " for the signed-in person's own" : "")
                            + (index == 0 ? ", and is the least privileged." : ".")
                    )
            )
            .ToArray();
        return new Refusal(RefusalKind.PermissionMissing)
        {
            Details =
                details.Length > 0 ? details : [new("NotSupported", $"No {half} permission allows this operation.")],
        };
    }

    internal static int RowOf(Operation operation, CallerKind kind) => ((int)operation * KindCount) + (int)kind;

    internal static int RowCount => OperationCount * KindCount;
}
