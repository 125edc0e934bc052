#include "ui/models/AliasBar.h"

#include "ui/theme/Theme.h"

#include <QCompleter>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QToolButton>

#include <algorithm>

namespace limpid {

namespace {

/// What most registries call the one in use and the one that may take its place.
const std::vector<std::string> suggestions{"champion", "challenger"};

} // namespace

AliasBar::AliasBar(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    connect(&theme, &Theme::changed, this, [this] { rebuild(); });
    rebuild();
}

void AliasBar::setAliases(const std::vector<std::string>& aliases)
{
    if (aliases == m_aliases)
        return;
    m_aliases = aliases;
    rebuild();
}

void AliasBar::rebuild()
{
    while (QLayoutItem* item = layout()->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->setObjectName("gone");
            for (QWidget* child : widget->findChildren<QWidget*>())
                child->setObjectName("gone");
            widget->deleteLater(); // may be the button just clicked
        }
        delete item;
    }
    auto* row = static_cast<QHBoxLayout*>(layout());
    const ThemeColors& colors = m_theme.colors();
    for (const std::string& alias : m_aliases) {
        const QString name = QString::fromStdString(alias);
        auto* chip = new QFrame(this);
        chip->setObjectName("chip_" + name);
        chip->setStyleSheet(QString("QFrame { background: %1; border-radius: 12px; } QLabel { color: %2; }")
                                .arg(colors.accentSoft.name(), colors.accent.name()));
        auto* inner = new QHBoxLayout(chip);
        inner->setContentsMargins(10, 1, 3, 1);
        inner->setSpacing(2);
        inner->addWidget(new QLabel(name, chip));
        auto* remove = new QToolButton(chip);
        remove->setObjectName("removeAlias_" + name);
        remove->setIcon(m_theme.icon("close", colors.accent));
        remove->setIconSize({12, 12});
        remove->setFixedSize(22, 22);
        remove->setAccessibleName(tr("Take the alias %1 off").arg(name));
        remove->setToolTip(remove->accessibleName());
        connect(remove, &QToolButton::clicked, this, [this, name] { emit removed(name); });
        inner->addWidget(remove);
        row->addWidget(chip);
    }
    for (const std::string& suggestion : suggestions) {
        if (std::find(m_aliases.begin(), m_aliases.end(), suggestion) != m_aliases.end())
            continue;
        const QString name = QString::fromStdString(suggestion);
        auto* button = new QPushButton("+ " + name, this);
        button->setObjectName("suggest_" + name);
        button->setToolTip(suggestion == "champion" ? tr("The version in use. It moves here if another version has it.")
                                                    : tr("The version that may take the champion's place. It moves here if another version has it."));
        connect(button, &QPushButton::clicked, this, [this, name] { emit added(name); });
        row->addWidget(button);
    }
    auto* field = new QLineEdit(this);
    field->setObjectName("aliasField");
    field->setPlaceholderText(tr("Another alias"));
    field->setAccessibleName(tr("Another alias"));
    field->setToolTip(tr("A name that stands for this version wherever a model is asked for, as in NAME@ALIAS: a letter, then "
                         "letters, digits, _ - or a point. Enter adds it."));
    field->setMaxLength(100);
    field->setMaximumWidth(150);
    field->setMinimumWidth(90);
    field->setValidator(new QRegularExpressionValidator(QRegularExpression("[A-Za-z][A-Za-z0-9_.-]*"), field));
    connect(field, &QLineEdit::returnPressed, this, [this, field] {
        const QString name = field->text();
        if (!name.isEmpty())
            emit added(name);
    });
    row->addWidget(field, 1);
    row->addStretch(1);
}

} // namespace limpid
