using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Basilisk.Architecture.Tests;

/// <summary>Reads one assembly's metadata and IL and lists what pure code must not contain.</summary>
internal sealed class IlScan
{
    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Where(field => field.FieldType == typeof(OpCode))
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    private static readonly HashSet<string> FloatTypes = ["System.Single", "System.Double", "System.Half", "System.Decimal"];

    private static readonly HashSet<string> BannedTypes =
    [
        "System.Random", "System.Diagnostics.Stopwatch", "System.Console", "System.TimeProvider",
        "System.Security.Cryptography.RandomNumberGenerator", "System.Threading.Timer",
    ];

    private static readonly HashSet<string> BannedMembersOfTypes =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
        "System.Guid.NewGuid", "System.Threading.Thread.Sleep", "System.Threading.Tasks.Task.Delay",
    ];

    // What a stream is may be named (decoders read from one that the caller opened); opening one may not.
    private static readonly string[] BannedNamespaces = ["System.Net", "System.Runtime.InteropServices.NativeLibrary"];

    private static readonly HashSet<string> BannedIo =
        ["System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.IO.FileInfo", "System.IO.DirectoryInfo", "System.IO.Path"];

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly TypeNames _names = new();

    private IlScan(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
    }

    public static IlScan Of(string assembly) => new(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));

    public IReadOnlyList<string> FloatingPoint()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (TypeReferenceHandle handle in _metadata.TypeReferences)
        {
            if (FloatTypes.Contains(_names.GetTypeFromReference(_metadata, handle, 0)))
            {
                found.Add("reference to " + _names.GetTypeFromReference(_metadata, handle, 0));
            }
        }

        foreach (FieldDefinitionHandle handle in _metadata.FieldDefinitions)
        {
            FieldDefinition field = _metadata.GetFieldDefinition(handle);
            AddIfFloat(found, field.DecodeSignature(_names, null), $"field {Owner(field.GetDeclaringType())}.{_metadata.GetString(field.Name)}");
        }

        foreach (MemberReferenceHandle handle in _metadata.MemberReferences)
        {
            AddIfFloat(found, SignatureText(handle), "use of " + MemberName(handle));
        }

        foreach (MethodDefinitionHandle handle in _metadata.MethodDefinitions)
        {
            ScanMethod(found, handle);
        }

        return [.. found];
    }

    public IReadOnlyList<string> BannedMembers()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (TypeReferenceHandle handle in _metadata.TypeReferences)
        {
            string name = _names.GetTypeFromReference(_metadata, handle, 0);
            if (BannedTypes.Contains(name) || BannedIo.Contains(name) || BannedNamespaces.Any(space => name.StartsWith(space, StringComparison.Ordinal)))
            {
                found.Add(name);
            }
        }

        foreach (MemberReferenceHandle handle in _metadata.MemberReferences)
        {
            string name = MemberName(handle);
            if (BannedMembersOfTypes.Contains(name) || IsEnvironment(name))
            {
                found.Add(name);
            }
        }

        return [.. found];
    }

    // Iterators ask for the thread's id to know whether they may be their own enumerator; nothing else of the environment is allowed.
    private static bool IsEnvironment(string member) =>
        member.StartsWith("System.Environment.", StringComparison.Ordinal) && member != "System.Environment.get_CurrentManagedThreadId";

    private void ScanMethod(SortedSet<string> found, MethodDefinitionHandle handle)
    {
        MethodDefinition method = _metadata.GetMethodDefinition(handle);
        string name = $"{Owner(method.GetDeclaringType())}.{_metadata.GetString(method.Name)}";
        MethodSignature<string> signature = method.DecodeSignature(_names, null);
        AddIfFloat(found, signature.ReturnType + " " + string.Join(' ', signature.ParameterTypes), "signature of " + name);
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            StandaloneSignature locals = _metadata.GetStandaloneSignature(body.LocalSignature);
            AddIfFloat(found, string.Join(' ', locals.DecodeLocalSignature(_names, null)), "local in " + name);
        }

        foreach (OpCode code in Instructions(body.GetILReader()))
        {
            if (code.Name!.Contains(".r4", StringComparison.Ordinal) || code.Name.Contains(".r8", StringComparison.Ordinal)
                || code == OpCodes.Conv_R_Un || code == OpCodes.Ckfinite)
            {
                found.Add($"{code.Name} in {name}");
            }
        }
    }

    private static IEnumerable<OpCode> Instructions(BlobReader il)
    {
        var codes = new List<OpCode>();
        while (il.RemainingBytes > 0)
        {
            int value = il.ReadByte();
            if (value == 0xFE)
            {
                value = 0xFE00 | il.ReadByte();
            }

            OpCode code = OpCodesByValue[value];
            codes.Add(code);
            il.Offset += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 * (int)PeekUInt32(il) + 4,
                _ => 4,
            };
        }

        return codes;
    }

    private static uint PeekUInt32(BlobReader il) => il.ReadUInt32();

    private static void AddIfFloat(SortedSet<string> found, string types, string where)
    {
        if (FloatTypes.Any(type => types.Contains(type, StringComparison.Ordinal)))
        {
            found.Add(where);
        }
    }

    private string Owner(TypeDefinitionHandle handle) => _names.GetTypeFromDefinition(_metadata, handle, 0);

    private string SignatureText(MemberReferenceHandle handle)
    {
        MemberReference member = _metadata.GetMemberReference(handle);
        string own = member.GetKind() == MemberReferenceKind.Field
            ? member.DecodeFieldSignature(_names, null)
            : Text(member.DecodeMethodSignature(_names, null));
        return member.Parent.Kind == HandleKind.TypeSpecification
            ? own + " " + _metadata.GetTypeSpecification((TypeSpecificationHandle)member.Parent).DecodeSignature(_names, null)
            : own;

        static string Text(MethodSignature<string> signature) => signature.ReturnType + " " + string.Join(' ', signature.ParameterTypes);
    }

    private string MemberName(MemberReferenceHandle handle)
    {
        MemberReference member = _metadata.GetMemberReference(handle);
        string parent = member.Parent.Kind switch
        {
            HandleKind.TypeReference => _names.GetTypeFromReference(_metadata, (TypeReferenceHandle)member.Parent, 0),
            HandleKind.TypeDefinition => Owner((TypeDefinitionHandle)member.Parent),
            HandleKind.TypeSpecification => _metadata.GetTypeSpecification((TypeSpecificationHandle)member.Parent).DecodeSignature(_names, null),
            _ => "?",
        };
        return $"{parent}.{_metadata.GetString(member.Name)}";
    }

    /// <summary>Turns signatures into text: full type names, generic arguments in angle brackets.</summary>
    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "System." + typeCode;

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            return Join(reader.GetString(type.Namespace), reader.GetString(type.Name));
        }

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            TypeReference type = reader.GetTypeReference(handle);
            return Join(reader.GetString(type.Namespace), reader.GetString(type.Name));
        }

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[,]";

        public string GetByReferenceType(string elementType) => elementType + "&";

        public string GetPointerType(string elementType) => elementType + "*";

        public string GetPinnedType(string elementType) => elementType;

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
            $"{genericType}<{string.Join(',', typeArguments)}>";

        public string GetGenericMethodParameter(object? genericContext, int index) => "!!" + index;

        public string GetGenericTypeParameter(object? genericContext, int index) => "!" + index;

        public string GetFunctionPointerType(MethodSignature<string> signature) => "fnptr";

        private static string Join(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";
    }
}
