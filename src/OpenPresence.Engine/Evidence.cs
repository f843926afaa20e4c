namespace OpenPresence.Engine;

/// <summary>How well a fact about Graph is known; each row of a table of rules carries one.</summary>
public enum Grade : byte
{
    /// <summary>A Microsoft reference or concept page states it.</summary>
    Documented = 0,

    /// <summary>The published schema, or client code generated from it, states it.</summary>
    Schema = 1,

    /// <summary>The real service was seen to do it.</summary>
    Observed = 2,

    /// <summary>It follows from what is documented.</summary>
    Inferred = 3,

    /// <summary>Graph is silent; this is our choice, and may change with a rules version.</summary>
    Ours = 4,
}

/// <summary>Where a row of a table of rules comes from.</summary>
/// <param name="Grade">How well it is known.</param>
/// <param name="Source">The Graph page, or why we chose so.</param>
public readonly record struct Evidence(Grade Grade, string Source);
