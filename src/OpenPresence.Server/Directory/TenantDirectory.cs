using System.Diagnostics.CodeAnalysis;

namespace OpenPresence.Server.Directory;

/// <summary>
/// The tenants, people and applications of this installation: one writer, many lock-free readers.
/// </summary>
public sealed class TenantDirectory
{
    public IReadOnlyCollection<Tenant> Tenants => throw new NotSupportedException();

    /// <summary>By id, by a domain name, without regard to case.</summary>
    public bool TryGetTenant(string idOrDomain, [NotNullWhen(true)] out Tenant? tenant) =>
        throw new NotSupportedException();

    public bool TryGetPerson(Guid id, [NotNullWhen(true)] out Person? person) =>
        throw new NotSupportedException();

    /// <summary>By user principal name, without regard to case.</summary>
    public bool TryGetPerson(string userPrincipalName, [NotNullWhen(true)] out Person? person) =>
        throw new NotSupportedException();

    public bool TryGetApplication(
        Guid clientId,
        [NotNullWhen(true)] out Application? application
    ) => throw new NotSupportedException();

    /// <summary>The people of a tenant, ordered by user principal name.</summary>
    public IReadOnlyList<Person> PeopleOf(Guid tenantId) => throw new NotSupportedException();

    public void Upsert(Tenant tenant) => throw new NotSupportedException();

    public void Upsert(Person person) => throw new NotSupportedException();

    public void Upsert(Application application) => throw new NotSupportedException();

    public bool RemovePerson(Guid id) => throw new NotSupportedException();
}
