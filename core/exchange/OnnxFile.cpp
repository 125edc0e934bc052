#include "core/exchange/OnnxFile.h"

#include "core/base/Error.h"
#include "core/model/NetworkSpec.h"

#include <algorithm>
#include <array>
#include <bit>

namespace limpid {

namespace {

/// ResNet-152 has some 500 nodes; constants are nodes here.
constexpr std::size_t mostOnnxNodes = 5 * mostNodes;
/// Names, numbers and attributes together: at most some 100 bytes of memory each.
constexpr std::size_t mostItems = 1'000'000;
constexpr std::uint64_t longestName = 1024, mostRawBytes = 4096;
constexpr std::size_t mostDims = 8, mostKnown = 512;

[[noreturn]] void damaged(const std::string& path, std::string reason)
{
    throw Error(ErrorCode::NetworkImport, {{"path", path}, {"reason", std::move(reason)}});
}

[[noreturn]] void tooLarge(std::size_t limit, const char* unit)
{
    const std::string text = std::to_string(limit) + " " + unit;
    throw Error(ErrorCode::NetworkTooLarge, {{"node", ""}, {"found", "> " + text}, {"limit", text}});
}

/// The file's bytes, a window of them in memory; what is skipped is not read.
class Bytes
{
public:
    Bytes(std::istream& stream, const std::string& path) : m_stream(stream), m_path(path)
    {
        m_stream.seekg(0, std::ios::end);
        const std::streamoff size = m_stream.tellg();
        if (!m_stream || size < 0)
            throw Error(ErrorCode::FileUnreadable, {{"path", path}, {"reason", ""}});
        m_size = static_cast<std::uint64_t>(size);
    }

    std::uint64_t size() const { return m_size; }
    std::uint64_t position() const { return m_start + m_at; }
    void skip(std::uint64_t count)
    {
        if (count <= m_filled - m_at) {
            m_at += static_cast<std::size_t>(count);
            return;
        }
        m_start = position() + count;
        m_at = m_filled = 0;
    }
    unsigned char byte()
    {
        if (m_at == m_filled)
            fill();
        return m_buffer[m_at++];
    }
    [[noreturn]] void fail(const char* what) const { damaged(m_path, std::string(what) + ", byte " + std::to_string(position())); }
    /// Counts what is kept.
    void keep(std::size_t items = 1)
    {
        m_items += items;
        if (m_items > mostItems)
            tooLarge(mostItems, "items");
    }

private:
    void fill()
    {
        m_start += m_filled;
        m_at = 0;
        m_stream.clear();
        m_stream.seekg(static_cast<std::streamoff>(m_start));
        m_stream.read(reinterpret_cast<char*>(m_buffer.data()), static_cast<std::streamsize>(m_buffer.size()));
        m_filled = static_cast<std::size_t>(m_stream.gcount());
        if (m_filled == 0)
            fail("truncated");
    }

    std::istream& m_stream;
    const std::string& m_path;
    std::uint64_t m_size = 0, m_start = 0;
    std::array<unsigned char, 65536> m_buffer;
    std::size_t m_at = 0, m_filled = 0, m_items = 0;
};

/// The fields of one message in protobuf's wire format (protobuf.dev/programming-guides/encoding).
class Message
{
public:
    Message(Bytes& bytes, std::uint64_t end) : m_bytes(bytes), m_end(end) {}

    /// Goes to the next field, over what was not read of the last one. False at the end.
    bool next()
    {
        m_bytes.skip(m_fieldEnd > m_bytes.position() ? m_fieldEnd - m_bytes.position() : 0);
        if (m_bytes.position() >= m_end)
            return false;
        const std::uint64_t tag = varint(m_end);
        if (tag >> 3 == 0 || tag >> 3 > 536'870'911)
            m_bytes.fail("bad field");
        m_number = static_cast<int>(tag >> 3);
        m_wire = static_cast<int>(tag & 7);
        std::uint64_t length = 0;
        if (m_wire == 0)
            m_value = varint(m_end);
        else if (m_wire == 1 || m_wire == 5)
            m_value = fixed(m_wire == 1 ? 8 : 4, m_end);
        else if (m_wire == 2)
            length = varint(m_end);
        else // groups are of protobuf 1
            m_bytes.fail("bad field");
        if (length > m_end - m_bytes.position())
            m_bytes.fail("a length beyond the end");
        m_fieldEnd = m_bytes.position() + length;
        return true;
    }

    int number() const { return m_number; }
    std::int64_t integer() const
    {
        expect(0);
        return static_cast<std::int64_t>(m_value);
    }
    double real() const
    {
        expect(5);
        return std::bit_cast<float>(static_cast<std::uint32_t>(m_value));
    }
    Message message() const
    {
        expect(2);
        return Message(m_bytes, m_fieldEnd);
    }
    std::string name() const
    {
        if (length() > longestName)
            m_bytes.fail("a name too long");
        return raw(longestName);
    }
    /// "" where there are more than `most` bytes.
    std::string raw(std::uint64_t most) const
    {
        m_bytes.keep(1 + (length() <= most ? static_cast<std::size_t>(length() / 64) : 0));
        std::string text;
        if (length() <= most)
            while (m_bytes.position() < m_fieldEnd)
                text += static_cast<char>(m_bytes.byte());
        return text;
    }
    std::uint64_t length() const
    {
        expect(2);
        return m_fieldEnd - m_bytes.position();
    }
    /// Adds one value, or a packed list of them; stops, with false, where there are more than `most`.
    bool integers(std::vector<std::int64_t>& list, std::size_t most) const
    {
        if (m_wire == 0)
            return add(list, integer(), most);
        expect(2);
        while (m_bytes.position() < m_fieldEnd)
            if (!add(list, static_cast<std::int64_t>(varint(m_fieldEnd)), most))
                return false;
        return true;
    }
    bool reals(std::vector<double>& list, std::size_t most, int bytes = 4) const
    {
        const auto value = [&](std::uint64_t bits) { return bytes == 8 ? std::bit_cast<double>(bits) : double(std::bit_cast<float>(static_cast<std::uint32_t>(bits))); };
        if (m_wire == (bytes == 8 ? 1 : 5))
            return add(list, value(m_value), most);
        expect(2);
        while (m_bytes.position() < m_fieldEnd)
            if (!add(list, value(fixed(bytes, m_fieldEnd)), most))
                return false;
        return true;
    }
    void fail(const char* what) const { m_bytes.fail(what); }
    Bytes& bytes() const { return m_bytes; }

private:
    template<class T>
    bool add(std::vector<T>& list, T value, std::size_t most) const
    {
        if (list.size() >= most)
            return false;
        m_bytes.keep();
        list.push_back(value);
        return true;
    }
    void expect(int wire) const
    {
        if (m_wire != wire)
            m_bytes.fail("a field of the wrong type");
    }
    std::uint64_t varint(std::uint64_t end) const
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (m_bytes.position() >= end)
                m_bytes.fail("truncated");
            const std::uint64_t byte = m_bytes.byte();
            if (shift == 63 && byte > 1)
                break;
            value |= (byte & 127) << shift;
            if (byte < 128)
                return value;
        }
        m_bytes.fail("a number too long");
    }
    std::uint64_t fixed(int count, std::uint64_t end) const
    {
        if (end - m_bytes.position() < static_cast<std::uint64_t>(count))
            m_bytes.fail("truncated");
        std::uint64_t value = 0;
        for (int i = 0; i < count; ++i)
            value |= std::uint64_t(m_bytes.byte()) << (8 * i);
        return value;
    }

    Bytes& m_bytes;
    std::uint64_t m_end, m_fieldEnd = 0, m_value = 0;
    int m_number = 0, m_wire = 0;
};

/// `raw` as little-endian values of `width` bytes.
std::vector<std::uint64_t> words(const std::string& raw, std::size_t width)
{
    std::vector<std::uint64_t> list;
    for (std::size_t at = 0; at + width <= raw.size(); at += width) {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < width; ++i)
            value |= std::uint64_t(static_cast<unsigned char>(raw[at + i])) << (8 * i);
        list.push_back(value);
    }
    return list;
}

void decodeRaw(OnnxTensor& tensor, const std::string& raw)
{
    const auto narrow = [](std::uint64_t bits) { return static_cast<std::uint32_t>(bits); };
    if (tensor.type == 1)
        for (const std::uint64_t bits : words(raw, 4))
            tensor.numbers.push_back(std::bit_cast<float>(narrow(bits)));
    else if (tensor.type == 11)
        for (const std::uint64_t bits : words(raw, 8))
            tensor.numbers.push_back(std::bit_cast<double>(bits));
    else if (tensor.type == 6)
        for (const std::uint64_t bits : words(raw, 4))
            tensor.integers.push_back(std::bit_cast<std::int32_t>(narrow(bits)));
    else if (tensor.type == 7)
        for (const std::uint64_t bits : words(raw, 8))
            tensor.integers.push_back(std::bit_cast<std::int64_t>(bits));
    else if (tensor.type == 9)
        for (const std::uint64_t bits : words(raw, 1))
            tensor.integers.push_back(static_cast<std::int64_t>(bits));
}

OnnxTensor readTensor(Message message)
{
    OnnxTensor tensor;
    std::string raw;
    bool whole = true;
    while (message.next())
        switch (message.number()) {
        case 1:
            if (!message.integers(tensor.dims, mostDims))
                message.fail("too many dimensions");
            break;
        case 2: {
            const std::int64_t type = message.integer();
            tensor.type = type > 0 && type < 100 ? static_cast<int>(type) : 0;
            break;
        }
        case 4: whole &= message.reals(tensor.numbers, mostKnown); break;
        case 5:
        case 7: whole &= message.integers(tensor.integers, mostKnown); break;
        case 8: tensor.name = message.name(); break;
        case 9: raw = message.raw(mostRawBytes); break;
        case 10: whole &= message.reals(tensor.numbers, mostKnown, 8); break;
        }
    for (const std::int64_t dim : tensor.dims)
        if (dim < 0)
            message.fail("a negative size");
    const std::int64_t count = product(tensor.dims);
    if (count > mostParameters)
        throw Error(ErrorCode::NetworkTooLarge, {{"node", readableName(tensor.name)}, {"found", std::to_string(count) + " weights"},
                                                 {"limit", std::to_string(mostParameters) + " weights"}});
    if (!raw.empty() && tensor.integers.empty() && tensor.numbers.empty() && count <= static_cast<std::int64_t>(mostKnown)) {
        decodeRaw(tensor, raw);
        message.bytes().keep((tensor.integers.size() + tensor.numbers.size()) / 8); // smaller than names
    }
    const bool real = tensor.type == 1 || tensor.type == 11;
    const std::size_t found = real ? tensor.numbers.size() : tensor.integers.size();
    tensor.known = whole && (real || tensor.type == 6 || tensor.type == 7 || tensor.type == 9) && found == static_cast<std::size_t>(count);
    if (!tensor.known) {
        tensor.integers = {};
        tensor.numbers = {};
    }
    return tensor;
}

OnnxAttribute readAttribute(Message message)
{
    OnnxAttribute attribute;
    while (message.next())
        switch (message.number()) {
        case 1: attribute.name = message.name(); break;
        case 2: attribute.number = message.real(); break;
        case 3: attribute.integer = message.integer(); break;
        case 4: attribute.text = message.raw(longestName); break;
        case 5: attribute.tensors = {readTensor(message.message())}; break;
        case 7: message.reals(attribute.numbers, mostKnown); break;
        case 8: message.integers(attribute.integers, mostKnown); break;
        case 9: // texts, one after another
            if (attribute.text.size() < longestName)
                attribute.text += (attribute.text.empty() ? "" : ",") + message.raw(64);
            break;
        // 6 and 11 are graphs within graphs: their operators, If, Loop and Scan, have no counterpart, so nothing descends into them.
        }
    return attribute;
}

OnnxNode readNode(Message message)
{
    OnnxNode node;
    while (message.next())
        switch (message.number()) {
        case 1: node.inputs.push_back(message.name()); break;
        case 2: node.outputs.push_back(message.name()); break;
        case 3: node.name = message.name(); break;
        case 4: node.op = message.name(); break;
        case 5:
            message.bytes().keep(3);
            if (node.attributes.size() == 64)
                message.fail("too many attributes");
            node.attributes.push_back(readAttribute(message.message()));
            break;
        case 7: node.domain = message.name(); break;
        }
    return node;
}

/// TensorShapeProto within TypeProto.Tensor.
void readShape(Message message, OnnxPort& port)
{
    while (message.next()) {
        if (message.number() != 1)
            continue;
        if (port.dims.size() == mostDims)
            message.fail("too many dimensions");
        port.dims.push_back(-1);
        for (Message dim = message.message(); dim.next();)
            if (dim.number() == 1) {
                port.dims.back() = dim.integer();
                if (port.dims.back() < -1)
                    message.fail("a negative size");
            }
    }
}

OnnxPort readPort(Message message)
{
    OnnxPort port;
    while (message.next()) {
        if (message.number() == 1)
            port.name = message.name();
        else if (message.number() == 2)
            for (Message type = message.message(); type.next();)
                if (type.number() == 1)
                    for (Message tensor = type.message(); tensor.next();) {
                        if (tensor.number() == 1)
                            port.type = static_cast<int>(std::clamp<std::int64_t>(tensor.integer(), 0, 100));
                        else if (tensor.number() == 2)
                            readShape(tensor.message(), port);
                    }
    }
    return port;
}

void readGraph(Message message, OnnxGraph& graph)
{
    while (message.next()) {
        const int number = message.number();
        if (number == 1 || number == 5 || number == 11 || number == 12)
            message.bytes().keep(number == 1 ? 4 : 2);
        if (number == 1) {
            if (graph.nodes.size() == mostOnnxNodes)
                tooLarge(mostOnnxNodes, "nodes");
            graph.nodes.push_back(readNode(message.message()));
        } else if (number == 5)
            graph.weights.push_back(readTensor(message.message()));
        else if (number == 11)
            graph.inputs.push_back(readPort(message.message()));
        else if (number == 12)
            graph.outputs.push_back(readPort(message.message()));
    }
}

} // namespace

std::string readableName(std::string_view name)
{
    std::string text;
    for (const char c : name.substr(0, 80))
        text += c >= 0x20 && c < 0x7f ? c : '?';
    return text;
}

OnnxGraph readOnnxGraph(std::istream& stream, const std::string& path)
{
    Bytes bytes(stream, path);
    if (bytes.size() == 0)
        damaged(path, "empty");
    OnnxGraph graph;
    bool found = false;
    for (Message model(bytes, bytes.size()); model.next();) {
        if (model.number() == 7) {
            readGraph(model.message(), graph);
            found = true;
        } else if (model.number() == 8) {
            std::string domain;
            std::int64_t version = 0;
            for (Message opset = model.message(); opset.next();) {
                if (opset.number() == 1)
                    domain = opset.name();
                else if (opset.number() == 2)
                    version = opset.integer();
            }
            if (domain.empty() || domain == "ai.onnx")
                graph.opset = version;
        }
    }
    if (!found)
        damaged(path, "no graph");
    return graph;
}

const OnnxAttribute* OnnxNode::find(std::string_view attribute) const
{
    for (const OnnxAttribute& each : attributes)
        if (each.name == attribute)
            return &each;
    return nullptr;
}

std::int64_t OnnxNode::integer(std::string_view attribute, std::int64_t usual) const
{
    const OnnxAttribute* const found = find(attribute);
    return found ? found->integer : usual;
}

double OnnxNode::number(std::string_view attribute, double usual) const
{
    const OnnxAttribute* const found = find(attribute);
    return found ? found->number : usual;
}

std::string OnnxNode::text(std::string_view attribute, std::string_view usual) const
{
    const OnnxAttribute* const found = find(attribute);
    return found ? found->text : std::string(usual);
}

std::vector<std::int64_t> OnnxNode::integers(std::string_view attribute) const
{
    const OnnxAttribute* const found = find(attribute);
    return found ? found->integers : std::vector<std::int64_t>();
}

} // namespace limpid
