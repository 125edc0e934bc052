#include "ui/network/ProblemList.h"

#include "ui/network/NodeTexts.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Scrolled.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>

namespace limpid {

namespace {

/// A sentence that can be clicked, or reached by Tab and chosen with Enter.
class Sentence : public QLabel
{
public:
    Sentence(const QString& text, QWidget* parent, std::function<void()> chosen) : QLabel(text, parent), m_chosen(std::move(chosen))
    {
        setWordWrap(true);
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::StrongFocus);
    }

protected:
    void mousePressEvent(QMouseEvent*) override { m_chosen(); }
    void keyPressEvent(QKeyEvent* event) override
    {
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space)
            m_chosen();
        else
            QLabel::keyPressEvent(event);
    }
    void paintEvent(QPaintEvent* event) override
    {
        QLabel::paintEvent(event);
        if (hasFocus()) {
            QPainter painter(this);
            painter.setPen(palette().color(QPalette::Highlight));
            painter.drawRoundedRect(rect().adjusted(0, 0, -1, -1), 4, 4);
        }
    }

private:
    std::function<void()> m_chosen;
};

/// A dot for an error, a triangle for a warning, a ring for a note: not by colour alone.
class Sign : public QWidget
{
public:
    Sign(Severity severity, const Theme& theme, QWidget* parent) : QWidget(parent), m_severity(severity), m_theme(theme)
    {
        setFixedSize(12, 18);
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        const ThemeColors& colors = m_theme.colors();
        if (m_severity == Severity::Error) {
            painter.setBrush(colors.bad);
            painter.drawEllipse(QRectF(0, 4, 10, 10));
        } else if (m_severity == Severity::Warning) {
            painter.setBrush(colors.warn);
            painter.drawPolygon(QPolygonF({QPointF(5, 3.5), QPointF(10.5, 13.5), QPointF(-0.5, 13.5)}));
        } else {
            painter.setPen(QPen(colors.dim, 1.5));
            painter.drawEllipse(QRectF(1, 5, 8, 8));
        }
    }

private:
    Severity m_severity;
    const Theme& m_theme;
};

QString mendText(const edits::Mend& mend, const NetworkSpec& network)
{
    switch (mend.kind) {
    case edits::Mend::Kind::SetWidth:
        return mend.width == 1 ? ProblemList::tr("Use 1 unit") : ProblemList::tr("Use %1 units").arg(mend.width);
    case edits::Mend::Kind::Remove:
        return ProblemList::tr("Remove");
    case edits::Mend::Kind::MakeOutput:
        return ProblemList::tr("Predict with %1").arg(QString::fromStdString(mend.node));
    case edits::Mend::Kind::ResetParam: {
        const NodeSpec* node = network.find(mend.node);
        const LayerType* layer = node ? findLayer(node->type) : nullptr;
        if (layer)
            for (const ParamSpec& spec : layer->params)
                if (spec.name == mend.param)
                    return ProblemList::tr("Use %1").arg(QString::fromStdString(
                        spec.defaultValue.is_string() ? spec.defaultValue.get<std::string>() : spec.defaultValue.dump()));
        return ProblemList::tr("Remove this setting");
    }
    case edits::Mend::Kind::OwnWeights:
        return ProblemList::tr("Use its own weights");
    case edits::Mend::Kind::FlattenInput:
        return ProblemList::tr("Flatten it first");
    case edits::Mend::Kind::AddOutputLayer:
        return ProblemList::tr("Add a Linear with %1").arg(mend.width);
    }
    return {};
}

} // namespace

ProblemList::ProblemList(const Theme& theme, QWidget* parent)
    : Card(tr("Problems"), parent), m_theme(theme), m_count(new QLabel(this)), m_content(new QWidget), m_rows(nullptr)
{
    setObjectName("problemList");
    m_count->setObjectName("problemCount");
    m_count->setFixedHeight(20);
    addControl(m_count);
    m_rows = new QVBoxLayout(m_content);
    m_rows->setContentsMargins(14, 0, 14, 8);
    m_rows->setSpacing(12);
    body()->setContentsMargins(0, 0, 0, 4);
    body()->addWidget(scrolled(m_content, this));
    connect(&theme, &Theme::changed, this, [this] { rebuild(); });
    rebuild();
}

void ProblemList::show(const NetworkSpec& network, const NetworkContext& context, const Issues& issues)
{
    Issues sorted = issues;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Issue& a, const Issue& b) { return a.severity > b.severity; });
    const bool wasEmpty = m_network.nodes.empty();
    m_network = network;
    m_context = context;
    if (sorted == m_issues && wasEmpty == network.nodes.empty())
        return;
    m_issues = std::move(sorted);
    m_all = m_all && m_issues.size() > mostRows;
    rebuild();
}

void ProblemList::rebuild()
{
    while (QLayoutItem* item = m_rows->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->setObjectName("gone");
            for (QWidget* child : widget->findChildren<QWidget*>())
                child->setObjectName("gone");
            widget->deleteLater(); // its own button may have been clicked just now
        }
        delete item;
    }
    const auto wrong = std::count_if(m_issues.begin(), m_issues.end(), [](const Issue& one) { return one.severity != Severity::Note; });
    const QColor color = m_theme.colors().bad;
    m_count->setVisible(wrong > 0);
    m_count->setText(QString::number(wrong));
    m_count->setStyleSheet(QString("color: %1; border: 1px solid %1; border-radius: 9px; padding: 1px 9px; font-size: 11px;")
                               .arg(color.name()));
    if (m_issues.empty()) {
        auto* fine = new QLabel(m_network.nodes.empty() ? tr("There is no layer yet.") : tr("None: this network can be trained."), m_content);
        fine->setObjectName("noProblem");
        fine->setProperty("role", "dim");
        fine->setWordWrap(true);
        m_rows->addWidget(fine);
    }
    // Many rows take longer to lay out than all the rest of an edit: the worst come first, and the others when one asks.
    const std::size_t rows = m_all ? m_issues.size() : std::min(m_issues.size(), mostRows);
    for (std::size_t i = 0; i < rows; ++i)
        m_rows->addWidget(row(m_issues[i], static_cast<int>(i)));
    if (rows < m_issues.size()) {
        auto* more = new QPushButton(tr("Show %n more", nullptr, static_cast<int>(m_issues.size() - rows)), m_content);
        more->setObjectName("moreProblems");
        more->setProperty("role", "link");
        connect(more, &QPushButton::clicked, this, [this] {
            m_all = true;
            rebuild();
        });
        m_rows->addWidget(more);
    }
    m_rows->addStretch(1);
}

QWidget* ProblemList::row(const Issue& issue, int index)
{
    auto* widget = new QWidget(m_content);
    widget->setObjectName(QString("problem%1").arg(index));
    auto* layout = new QHBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(new Sign(issue.severity, m_theme, widget), 0, Qt::AlignTop);
    auto* column = new QVBoxLayout;
    column->setSpacing(6);
    layout->addLayout(column, 1);

    const std::string node = nodeOf(issue);
    auto* sentence = new Sentence(message(issue), widget, [this, node] { emit nodeChosen(node); });
    sentence->setObjectName(QString("problemText%1").arg(index));
    sentence->setToolTip(node.empty() ? QString() : tr("Click to go to %1.").arg(QString::fromStdString(node)));
    column->addWidget(sentence);

    if (const auto mend = edits::mendOf(issue, m_network, m_context)) {
        const QString text = mendText(*mend, m_network);
        auto* button = new QPushButton(text, widget);
        button->setObjectName(QString("mend%1").arg(index));
        connect(button, &QPushButton::clicked, this, [this, mend = *mend, text] { emit mendChosen(mend, text); });
        column->addWidget(button, 0, Qt::AlignLeft);
    }
    return widget;
}

} // namespace limpid
