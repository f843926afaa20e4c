namespace OpenPresence.Server.State.Directory;

/// <summary>A tenant as far as its people need it: a number in place of its id, and the order of their names.</summary>
/// <param name="Id">The tenant.</param>
/// <param name="Number">Of this run of this node only; it never leaves memory.</param>
internal sealed record TenantPeople(Guid Id, int Number)
{
    public NameOrder Order { get; } = new();
}
