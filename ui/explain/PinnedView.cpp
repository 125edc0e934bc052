#include "ui/explain/PinnedView.h"

#include "ui/charts/PairPlots.h"
#include "ui/charts/PlotView.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Scrolled.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace limpid {

PinnedView::PinnedView(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_plot(new PlotView(theme, this)), m_plotArea(scrolled(m_plot, this)), m_hint(new QLabel(this)), m_sentence(new QLabel(this))
{
    setObjectName("pinnedView");
    auto* lines = new QVBoxLayout(this);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(6);
    m_plot->setObjectName("pinnedPlot");
    m_plot->setAccessibleName(tr("The pinned explanation beside the chosen one"));
    lines->addWidget(m_plotArea, 1);
    m_hint->setObjectName("pinnedHint");
    m_hint->setProperty("role", "dim");
    m_hint->setWordWrap(true);
    m_hint->setAlignment(Qt::AlignCenter);
    lines->addWidget(m_hint, 1);
    const auto separator = [this] {
        auto* line = new QFrame(this);
        line->setProperty("role", "separator");
        return line;
    };
    lines->addWidget(separator());
    auto* facts = new QHBoxLayout;
    facts->setSpacing(Theme::gap);
    for (std::size_t side = 0; side < 2; ++side) {
        m_facts[side] = new QLabel(this);
        m_facts[side]->setObjectName(side == 0 ? "pinnedFacts" : "chosenFacts");
        m_facts[side]->setProperty("role", "dim");
        m_facts[side]->setWordWrap(true);
        m_facts[side]->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        m_facts[side]->setTextFormat(Qt::RichText);
        facts->addWidget(m_facts[side], 1);
    }
    lines->addLayout(facts);
    lines->addWidget(separator());
    m_sentence->setObjectName("pinnedSentence");
    m_sentence->setWordWrap(true);
    lines->addWidget(m_sentence);
}

void PinnedView::pin(PinnedSide side)
{
    m_pinned = std::move(side);
    refresh();
}

void PinnedView::unpin()
{
    m_pinned.reset();
    m_chosen.reset();
}

void PinnedView::setChosen(PinnedSide side, std::size_t output)
{
    m_chosen = std::move(side);
    m_output = output;
    if (m_pinned && m_pinned->asked == m_chosen->asked)
        m_pinned->explanation = m_chosen->explanation; // it has grown
    refresh();
}

void PinnedView::setWhat(What what)
{
    m_what = what;
    refresh();
}

std::array<QString, 2> PinnedView::names() const
{
    std::array<QStringList, 2> parts;
    const Explanation &first = *m_pinned->explanation, &second = *m_chosen->explanation;
    const auto tell = [&parts](const QString& a, const QString& b) {
        if (a == b)
            return;
        parts[0] << a;
        parts[1] << b;
    };
    tell(m_pinned->model, m_chosen->model);
    if (m_pinned->asked != m_chosen->asked)
        tell(methodName(first.method), methodName(second.method));
    if (m_what == What::Rows)
        tell(tr("row %1").arg(countText(static_cast<qint64>(first.rows[m_pinned->row]))), tr("row %1").arg(countText(static_cast<qint64>(second.rows[m_chosen->row]))));
    if (parts[0].isEmpty())
        return {tr("pinned"), tr("chosen")};
    return {parts[0].join(QStringLiteral(" · ")), parts[1].join(QStringLiteral(" · "))};
}

QString PinnedView::whyNot(Incomparable why) const
{
    const Explanation &first = *m_pinned->explanation, &second = *m_chosen->explanation;
    switch (why) {
    case Incomparable::Output: {
        QStringList others;
        for (const std::string& name : first.outputs)
            others << tr("“%1”").arg(QString::fromStdString(name));
        return tr("What is pinned explains %1, not “%2”: values of different outputs cannot be compared.").arg(others.mid(0, 6).join(QStringLiteral(", ")), QString::fromStdString(output()));
    }
    case Incomparable::Unit: {
        const QString a = spaceText(first.task, first.space), b = spaceText(second.task, second.space);
        return a == b ? tr("The pinned model and this one do different kinds of task, so their values have no scale in common.")
                      : tr("The pinned values are %1, these are %2: they have no scale in common. Explain again with the same “Output” for both.").arg(a, b);
    }
    case Incomparable::Meaning:
        return tr("The pinned values are of %1, these of %2: they do not measure the same thing, so no scale could show both.").arg(methodName(first.method), methodName(second.method));
    case Incomparable::Columns:
        return tr("The pinned model and this one have no column in common.");
    }
    return {};
}

void PinnedView::showPlot(const std::array<QString, 2>& names)
{
    const PairSide first{m_pinned->explanation, m_pinned->row, names[0]}, second{m_chosen->explanation, m_chosen->row, names[1]};
    if (m_what == What::Rows && canPairPictures(first, second)) {
        m_plot->setPlot(makePairedPictures(first, second, output()));
        return;
    }
    m_plot->setPlot(m_what == What::Rows ? makePairedRows(first, second, output()) : makePairedMeans(first, second, output()));
    // Many columns scroll rather than shrink; pictures shrink well.
    m_plot->setMinimumHeight(static_cast<int>(std::ceil(m_plot->plot()->preferredHeight(m_plot->width()))));
}

QString PinnedView::columnsOfOne(const std::array<QString, 2>& names) const
{
    // Either's columns are few where they differ; of very many the first tell enough.
    const Comparison pair = compareRows(*m_pinned->explanation, m_pinned->row, *m_chosen->explanation, m_chosen->row, output());
    QString text;
    for (std::size_t side = 0; side < 2; ++side) {
        const std::vector<std::string> only = pair.onlyIn(side);
        QStringList columns;
        for (std::size_t i = 0; i < std::min<std::size_t>(3, only.size()); ++i)
            columns << tr("“%1”").arg(QString::fromStdString(only[i]));
        if (only.size() > 3)
            columns << tr("%1 more").arg(countText(static_cast<qint64>(only.size() - 3)));
        if (!columns.isEmpty())
            text += QLatin1Char(' ') + tr("Only %1 has %2.").arg(names[side], columns.join(QStringLiteral(", ")));
    }
    return text;
}

void PinnedView::showFacts(const std::array<QString, 2>& names)
{
    const bool one = m_pinned->asked == m_chosen->asked;
    const auto text = [&](std::size_t side, const QString& facts) {
        const QString escaped = facts.toHtmlEscaped().replace(QStringLiteral("  "), QStringLiteral(" &nbsp;")); // their spaces set them apart
        return one ? escaped : QStringLiteral("<b>%1</b><br>%2").arg(names[side].toHtmlEscaped(), escaped);
    };
    m_facts[0]->setText(text(0, m_pinned->facts));
    m_facts[1]->setText(text(1, m_chosen->facts));
    m_facts[1]->setVisible(!one);
}

void PinnedView::refresh()
{
    if (!m_pinned || !m_chosen || m_chosen->explanation->rowCount() == 0)
        return;
    const std::array<QString, 2> names = this->names();
    showFacts(names);
    QString hint;
    const bool same = m_pinned->asked == m_chosen->asked && (m_what == What::Means || m_pinned->row == m_chosen->row);
    if (same)
        hint = m_what == What::Rows
            ? tr("Row %1 is pinned. Choose another row, or explain with another model, method or background: that then stands beside it.")
                  .arg(countText(static_cast<qint64>(m_pinned->explanation->rows[m_pinned->row])))
            : tr("This explanation is pinned. Explain with another model, method or background: that then stands beside it.");
    else if (const std::optional<Incomparable> why = whyIncomparable(*m_pinned->explanation, *m_chosen->explanation, output()))
        hint = whyNot(*why);
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    m_plotArea->setVisible(hint.isEmpty());
    m_sentence->setVisible(hint.isEmpty());
    if (!hint.isEmpty())
        return;
    showPlot(names);
    m_sentence->setText(m_plot->plot()->sentence() + columnsOfOne(names));
}

} // namespace limpid
