#include "ui/text/ChangeTexts.h"

#include "ui/text/ParamTexts.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace limpid {

namespace {

using Kind = NodeChange::Kind;

QString translated(const char* text)
{
    return QCoreApplication::translate("ChangeTexts", text);
}

QString text(const std::string& utf8)
{
    return QString::fromStdString(utf8);
}

/// A layer may read thousands of others: the first of them, and how many more.
QString joined(const std::vector<std::string>& words)
{
    constexpr std::size_t mostNamed = 12;
    QStringList list;
    for (std::size_t i = 0; i < std::min(words.size(), mostNamed); ++i)
        list << text(words[i]);
    if (words.size() > mostNamed)
        list << translated(QT_TRANSLATE_NOOP("ChangeTexts", "… (%1)")).arg(words.size());
    return list.isEmpty() ? translated(QT_TRANSLATE_NOOP("ChangeTexts", "nothing")) : list.join(QStringLiteral(", "));
}

QString owner(const std::string& id)
{
    return id.empty() ? translated(QT_TRANSLATE_NOOP("ChangeTexts", "its own")) : text(id);
}

} // namespace

QString valueText(const nlohmann::json& value)
{
    if (value.is_boolean())
        return value.get<bool>() ? translated(QT_TRANSLATE_NOOP("ChangeTexts", "yes")) : translated(QT_TRANSLATE_NOOP("ChangeTexts", "no"));
    if (value.is_string())
        return text(value.get<std::string>());
    if (value.is_array()) {
        QStringList parts;
        for (const nlohmann::json& part : value)
            parts << valueText(part);
        return QStringLiteral("(%1)").arg(parts.join(QStringLiteral(", ")));
    }
    return value.is_null() ? translated(QT_TRANSLATE_NOOP("ChangeTexts", "none")) : text(value.dump());
}

QString changeSign(Kind kind)
{
    switch (kind) {
    case Kind::Added:
    case Kind::BlockAdded:
        return QStringLiteral("+");
    case Kind::Removed:
    case Kind::BlockRemoved:
        return QStringLiteral("-");
    case Kind::Renamed:
        return QStringLiteral("=");
    case Kind::Changed:
    case Kind::Outputs:
        break;
    }
    return QStringLiteral("~");
}

QString changePlace(const NodeChange& change)
{
    const bool whole = change.kind == Kind::BlockAdded || change.kind == Kind::BlockRemoved;
    return whole ? QString() : text(change.block);
}

QString changeSubject(const NodeChange& change)
{
    switch (change.kind) {
    case Kind::Outputs:
        return translated(QT_TRANSLATE_NOOP("ChangeTexts", "outputs"));
    case Kind::BlockAdded:
    case Kind::BlockRemoved:
        return text(change.block);
    default:
        return text(change.after.empty() ? change.before : change.after);
    }
}

QString changeDetail(const NodeChange& change, SettingNames names)
{
    switch (change.kind) {
    case Kind::Added:
        return change.inputsAfter.empty() ? text(change.typeAfter) : translated(QT_TRANSLATE_NOOP("ChangeTexts", "%1 after %2")).arg(text(change.typeAfter), joined(change.inputsAfter));
    case Kind::Removed:
        return text(change.typeBefore);
    case Kind::Outputs:
        return QStringLiteral("%1 → %2").arg(joined(change.inputsBefore), joined(change.inputsAfter));
    case Kind::BlockAdded:
    case Kind::BlockRemoved:
        return translated(QT_TRANSLATE_NOOP("ChangeTexts", "a block"));
    case Kind::Renamed:
    case Kind::Changed:
        break;
    }
    QStringList parts;
    if (change.kind == Kind::Renamed)
        parts << translated(QT_TRANSLATE_NOOP("ChangeTexts", "was called %1")).arg(text(change.before));
    if (change.typeBefore != change.typeAfter)
        parts << QStringLiteral("%1 → %2").arg(text(change.typeBefore), text(change.typeAfter));
    for (const ParamChange& param : change.params) {
        if (change.typeBefore != change.typeAfter && (param.before.is_null() || param.after.is_null()))
            continue; // another kind of layer has other settings: the kinds say it
        QString name = text(param.name);
        if (names == SettingNames::Labels) // the layer that has it
            if (const QString label = paramLabel(param.after.is_null() ? change.typeBefore : change.typeAfter, param.name); !label.isEmpty())
                name = label;
        parts << QStringLiteral("%1 %2 → %3").arg(name, valueText(param.before), valueText(param.after));
    }
    if (change.inputsChanged)
        parts << translated(QT_TRANSLATE_NOOP("ChangeTexts", "reads %1 → %2")).arg(joined(change.inputsBefore), joined(change.inputsAfter));
    if (change.sharesBefore != change.sharesAfter)
        parts << translated(QT_TRANSLATE_NOOP("ChangeTexts", "weights of %1 → %2")).arg(owner(change.sharesBefore), owner(change.sharesAfter));
    return parts.join(QStringLiteral("; "));
}

QString changeSentence(const NodeChange& change)
{
    const QString subject = changeSubject(change), detail = changeDetail(change, SettingNames::Labels);
    QString sentence;
    switch (change.kind) {
    case Kind::Added:
    case Kind::BlockAdded:
        sentence = translated(QT_TRANSLATE_NOOP("ChangeTexts", "%1 was added: %2.")).arg(subject, detail);
        break;
    case Kind::Removed:
    case Kind::BlockRemoved:
        sentence = translated(QT_TRANSLATE_NOOP("ChangeTexts", "%1 was removed: %2.")).arg(subject, detail);
        break;
    case Kind::Outputs:
        sentence = translated(QT_TRANSLATE_NOOP("ChangeTexts", "The outputs were changed: %1.")).arg(detail);
        break;
    case Kind::Renamed:
    case Kind::Changed:
        sentence = translated(QT_TRANSLATE_NOOP("ChangeTexts", "%1 was changed: %2.")).arg(subject, detail);
        break;
    }
    const QString place = changePlace(change);
    return place.isEmpty() ? sentence : translated(QT_TRANSLATE_NOOP("ChangeTexts", "In the block %1: %2")).arg(place, sentence);
}

} // namespace limpid
