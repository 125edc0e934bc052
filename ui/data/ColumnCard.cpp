#include "ui/data/ColumnCard.h"

#include "ui/data/ColumnSketch.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Scrolled.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>

#include <algorithm>
#include <array>
#include <cmath>

namespace limpid {

namespace {

const ColumnType allTypes[] = {ColumnType::Number, ColumnType::Category, ColumnType::Boolean, ColumnType::DateTime,
                               ColumnType::Text};

QString shareText(std::size_t part, std::size_t whole)
{
    if (part == 0 || whole == 0)
        return ColumnCard::tr("none");
    const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
    const QString share = percent < 0.1 ? QStringLiteral("< 0.1") : QString::number(percent, 'f', percent < 10 ? 1 : 0);
    return ColumnCard::tr("%1 (%2 %)").arg(countText(static_cast<qint64>(part)), share);
}

/// Whether a column of numbers may well number classes: few values, and whole ones as far as the ends tell.
bool mayNumberClasses(const ColumnProfile& profile)
{
    return profile.type == ColumnType::Number && profile.distinct <= 20 && profile.min == std::floor(profile.min)
           && profile.max == std::floor(profile.max);
}

} // namespace

QString columnTypeText(int type)
{
    switch (static_cast<ColumnType>(type)) {
    case ColumnType::Number: return ColumnCard::tr("number");
    case ColumnType::Category: return ColumnCard::tr("category");
    case ColumnType::Boolean: return ColumnCard::tr("yes or no");
    case ColumnType::DateTime: return ColumnCard::tr("date and time");
    case ColumnType::Text: return ColumnCard::tr("text");
    }
    return {};
}

ColumnCard::ColumnCard(Session& session, const Theme& theme, QWidget* parent)
    : Card(tr("Column"), parent), m_session(session), m_parts(new QBoxLayout(QBoxLayout::TopToBottom)),
      m_type(new QComboBox), m_reason(new QLabel), m_missing(new QLineEdit), m_input(new QCheckBox(tr("Use as an input"))),
      m_target(new QPushButton(tr("Predict this column"))), m_alsoTarget(new QPushButton), m_isTarget(new QLabel),
      m_sketch(new ColumnSketch(theme)), m_facts(new QWidget), m_factRows(new QFormLayout(m_facts))
{
    setObjectName("columnCard");
    m_type->setObjectName("columnType");
    m_type->setAccessibleName(tr("Type"));
    m_type->setToolTip(tr("How the column's values are understood. Changing it reads the file again; it can be undone."));
    for (const ColumnType type : allTypes) {
        const QString icon = "type-" + QString::fromUtf8(columnTypeName(type).data(), static_cast<int>(columnTypeName(type).size()));
        m_type->addItem(theme.icon(icon), columnTypeText(static_cast<int>(type)), static_cast<int>(type));
    }
    m_reason->setObjectName("columnReason");
    m_reason->setProperty("role", "dim");
    m_reason->setWordWrap(true);
    m_missing->setObjectName("columnMissing");
    m_missing->setAccessibleName(tr("Spellings that mean missing"));
    m_missing->setPlaceholderText(tr("empty cells only"));
    m_missing->setToolTip(tr("What stands for a missing value in this column beside an empty cell, such as NA or -999; "
                             "several with commas between. Changing it reads the file again; it can be undone."));
    m_input->setObjectName("columnInput");
    m_input->setToolTip(tr("Inputs are what the network sees. Leave out what would not be known when predicting."));
    m_target->setObjectName("columnTarget");
    m_target->setToolTip(tr("Make this column the target: what the network learns to predict."));
    m_alsoTarget->setObjectName("columnAlsoTarget");
    m_alsoTarget->setToolTip(tr("One network can predict several columns at once: all numbers, or all of two values. "
                                "Ctrl and a click on a column's heading does the same."));
    m_isTarget->setObjectName("columnIsTarget");
    m_isTarget->setProperty("role", "good");
    m_isTarget->setWordWrap(true);
    m_factRows->setContentsMargins(0, 0, 0, 0);
    m_factRows->setHorizontalSpacing(12);
    m_factRows->setVerticalSpacing(6);
    m_factRows->setLabelAlignment(Qt::AlignLeft);
    m_factRows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);

    auto* settings = new QWidget;
    auto* rows = new QVBoxLayout(settings);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(8);
    auto* form = new QFormLayout;
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(8);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    for (const auto& [text, field] : {std::pair<QString, QWidget*>(tr("Type"), m_type), {tr("Missing"), m_missing}}) {
        auto* label = new QLabel(text);
        label->setProperty("role", "dim");
        label->setBuddy(field);
        form->addRow(label, field);
    }
    rows->addLayout(form);
    rows->addWidget(m_reason);
    rows->addWidget(m_input);
    rows->addWidget(m_isTarget);
    rows->addWidget(m_target, 0, Qt::AlignLeft);
    rows->addWidget(m_alsoTarget, 0, Qt::AlignLeft);
    rows->addStretch(0);

    auto* content = new QWidget;
    content->setLayout(m_parts);
    m_parts->setContentsMargins(0, 0, 0, 0);
    m_parts->setSpacing(16);
    for (QWidget* part : {settings, static_cast<QWidget*>(m_sketch), static_cast<QWidget*>(m_facts)})
        m_parts->addWidget(part);
    m_parts->addStretch();
    setWide(false);
    body()->addWidget(scrolled(content, this), 1);

    connect(m_type, &QComboBox::activated, this, [this](int index) {
        m_session.setColumnType(name(), static_cast<ColumnType>(m_type->itemData(index).toInt()));
    });
    connect(m_missing, &QLineEdit::editingFinished, this, [this] {
        if (!m_missing->isModified())
            return;
        m_missing->setModified(false);
        QStringList marks;
        for (const QString& mark : m_missing->text().split(u',', Qt::SkipEmptyParts))
            if (!mark.trimmed().isEmpty())
                marks += mark.trimmed();
        m_session.setMissingMarks(name(), marks);
    });
    connect(m_input, &QCheckBox::clicked, this, [this](bool on) { m_session.setIgnored(name(), !on); });
    connect(m_target, &QPushButton::clicked, this, [this] { m_session.setTarget(name()); });
    connect(m_alsoTarget, &QPushButton::clicked, this, &ColumnCard::toggleTarget);
    refresh();
}

QString ColumnCard::name() const
{
    const auto data = m_session.data();
    if (!data || m_column < 0 || static_cast<std::size_t>(m_column) >= data->table().columnCount())
        return {};
    return QString::fromStdString(data->table().column(static_cast<std::size_t>(m_column)).name());
}

QStringList ColumnCard::targets() const
{
    QStringList names;
    for (const std::string& target : m_session.request().pipeline.targets())
        names << QString::fromStdString(target);
    return names;
}

void ColumnCard::toggleTarget()
{
    QStringList names = targets();
    if (names.removeAll(name()) == 0)
        names << name();
    m_session.setTargets(names);
}

void ColumnCard::showColumn(int column)
{
    m_column = column;
    m_missing->setModified(false);
    refresh();
}

void ColumnCard::setWide(bool wide)
{
    // Qt::AlignTop would keep items at their hint's width when they stand side by side.
    m_parts->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    for (int i = 0; i < m_parts->count(); ++i)
        if (QWidget* widget = m_parts->itemAt(i)->widget())
            m_parts->setAlignment(widget, wide ? Qt::Alignment() : Qt::Alignment(Qt::AlignTop));
    // Side by side they share the width; one above the other the room left over stays below.
    const std::array<int, 4> stretches = wide ? std::array{3, 4, 3, 0} : std::array{0, 0, 0, 1};
    for (int i = 0; i < 4; ++i)
        m_parts->setStretch(i, stretches[static_cast<std::size_t>(i)]);
    m_parts->setSpacing(wide ? 28 : 16);
}

void ColumnCard::refresh()
{
    const QString column = name();
    const bool some = !column.isEmpty();
    setTitle(some ? column : tr("Column"));
    setEnabled(some);
    if (!some) {
        setSubtitle(tr("choose one in the table"));
        m_sketch->setProfile({});
        fillFacts();
        return;
    }
    const auto data = m_session.data();
    const auto index = static_cast<std::size_t>(m_column);
    const ColumnType type = data->table().column(index).type();
    const PipelineSpec& pipeline = m_session.request().pipeline;
    const QStringList allTargets = targets();
    const bool target = allTargets.contains(column), several = allTargets.size() > 1;
    const bool ignored =
        std::find(pipeline.ignored.begin(), pipeline.ignored.end(), column.toStdString()) != pipeline.ignored.end();
    setSubtitle(target ? tr("target") : ignored ? tr("left out") : tr("input"));

    m_type->setCurrentIndex(m_type->findData(static_cast<int>(type)));
    m_type->setEnabled(!m_session.isOpening());
    m_missing->setEnabled(!m_session.isOpening());
    if (!m_missing->isModified()) // not from under the hands of who is typing
        m_missing->setText(m_session.missingMarks(column).join(QStringLiteral(", ")));
    const TypeGuess guess = index < data->csv.guesses.size() ? data->csv.guesses[index] : TypeGuess();
    m_reason->setText(guessText(guess.reason, guess.facts));
    m_reason->setVisible(!m_reason->text().isEmpty());
    m_input->setChecked(!ignored);
    m_input->setVisible(!target);
    m_target->setVisible(!target);
    m_alsoTarget->setText(target ? tr("No longer predict it") : tr("Predict it too"));
    m_alsoTarget->setVisible(!target || several);
    const auto& profiles = m_session.profiles();
    const bool profiled = index < profiles.size() && profiles[index].name == column.toStdString() && profiles[index].type == type;
    m_sketch->setProfile(profiled ? profiles[index] : ColumnProfile());
    QString predicted = several ? tr("This is one of the %1 columns that are predicted.").arg(allTargets.size())
                                : tr("This is what is predicted.");
    if (profiled && mayNumberClasses(profiles[index])) // a number's values are predicted as amounts
        predicted += QLatin1Char(' ') + tr("It has only %n different values: if they stand for kinds, choose the type “category”.", nullptr,
                                           static_cast<int>(profiles[index].distinct));
    m_isTarget->setText(predicted);
    m_isTarget->setVisible(target);
    fillFacts();
}

void ColumnCard::fillFacts()
{
    while (m_factRows->rowCount() > 0)
        m_factRows->removeRow(0);
    const auto& profiles = m_session.profiles();
    const QString column = name();
    const auto index = static_cast<std::size_t>(m_column);
    if (column.isEmpty() || index >= profiles.size() || profiles[index].name != column.toStdString())
        return;
    const ColumnProfile& profile = profiles[index];
    const auto add = [this](const QString& label, const QString& value) {
        auto* left = new QLabel(label);
        left->setProperty("role", "dim");
        auto* right = new QLabel(value);
        right->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        right->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_factRows->addRow(left, right);
    };
    add(tr("Missing values"), shareText(profile.missing, profile.rows));
    add(tr("Distinct values"), countText(static_cast<qint64>(profile.distinct)));
    if (profile.histogram.empty())
        return;
    add(tr("Smallest"), profileValueText(profile, profile.min));
    add(tr("Largest"), profileValueText(profile, profile.max));
    add(tr("Median"), profileValueText(profile, profile.median));
    add(tr("Middle half"), tr("%1 to %2").arg(profileValueText(profile, profile.quartile1),
                                              profileValueText(profile, profile.quartile3)));
    if (profile.type == ColumnType::Number)
        add(tr("Mean"), tr("%1 ± %2").arg(numberText(profile.mean), numberText(profile.deviation)));
}

} // namespace limpid
