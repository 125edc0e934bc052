#include "ui/network/NodeForm.h"

#include "ui/network/NetworkEdits.h"
#include "ui/network/NodeTexts.h"
#include "ui/network/ParamField.h"
#include "ui/network/SharedWeights.h"
#include "ui/text/Messages.h"
#include "ui/text/LayerTexts.h"
#include "ui/text/ParamTexts.h"
#include "ui/widgets/Scrolled.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QSignalBlocker>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

namespace {

constexpr int fieldWidth = 112;

int mergeIdOf(const std::string& node, const std::string& what)
{
    return static_cast<int>(qHash(QString::fromStdString(node + "/" + what)) & 0x7fffffff);
}

} // namespace

NodeForm::NodeForm(QWidget* parent) : Card(tr("Layer"), parent)
{
    setObjectName("nodeForm");
    m_content = new QWidget;
    new QVBoxLayout(m_content);
    m_content->layout()->setContentsMargins(14, 0, 14, 8);
    m_content->layout()->setSpacing(0);
    body()->setContentsMargins(0, 0, 0, 4);
    body()->addWidget(scrolled(m_content, this));
    m_inputMenu = new QMenu(this);
    connect(m_inputMenu, &QMenu::aboutToShow, this, &NodeForm::fillInputs);
}

void NodeForm::show(const NetworkSpec& network, const NetworkAnalysis& analysis, const std::vector<std::string>& nodes,
                    const std::vector<std::pair<std::string, std::string>>& edges)
{
    m_network = network;
    const NodeSpec* node = nodes.size() == 1 && edges.empty() ? network.find(nodes.front()) : nullptr;
    if (node) {
        QString shown = "node " + QString::fromStdString(node->type + " " + node->id);
        if (node->type == "Block")
            for (const BlockSpec& block : network.blocks) // it offers them
                shown += QLatin1Char(' ') + QString::fromStdString(block.name);
        if (shown != m_shown) {
            m_shown = shown;
            m_id = node->id;
            m_type = node->type;
            buildNode(*node);
            m_grid->parentWidget()->show(); // at once: the keyboard may be on its way there
        }
        refresh(*node, analysis);
        return;
    }

    m_id.clear();
    const auto edgeText = [&] {
        return QString::fromStdString(edges.front().first) + " → " + QString::fromStdString(edges.front().second);
    };
    QString shown = "nothing";
    if (nodes.empty() && edges.size() == 1)
        shown = "edge " + edgeText();
    else if (!nodes.empty() || !edges.empty())
        shown = QString("many %1 %2").arg(nodes.size()).arg(edges.size());
    if (shown == m_shown)
        return;
    m_shown = shown;
    rebuild();
    updateGeometry();
    if (nodes.empty() && edges.empty()) {
        setTitle(tr("Layer"));
        setSubtitle({});
        auto* hint = new QLabel(tr("Select a layer to set it up. Double-click one at the left to add it after the one "
                                   "selected, or drag it onto an edge."), m_content);
        hint->setObjectName("formHint");
        hint->setWordWrap(true);
        hint->setProperty("role", "dim");
        m_grid->addWidget(hint, 0, 0, 1, 2);
        hint->setMinimumHeight(hint->heightForWidth(220));
    } else if (nodes.empty() && edges.size() == 1) {
        setTitle(tr("Edge"));
        setSubtitle(edgeText());
        addButtons(tr("Unwire"), false);
    } else {
        setTitle(tr("%1 selected").arg(nodes.size() + edges.size()));
        setSubtitle({});
        addButtons(tr("Delete"), !nodes.empty());
    }
}

void NodeForm::begin()
{
    // As by Tab, so that what is typed takes the place of what is there.
    if (!m_fields.empty())
        m_fields.front()->widget()->setFocus(Qt::TabFocusReason);
    else if (m_name)
        m_name->setFocus(Qt::TabFocusReason);
}

void NodeForm::keyPressEvent(QKeyEvent* event)
{
    // Fields take what was typed and pass the key on.
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Escape)
        emit left();
    else
        Card::keyPressEvent(event);
}

QSize NodeForm::sizeHint() const
{
    return {Card::sizeHint().width(), 40 + 8 + m_content->layout()->sizeHint().height()};
}

void NodeForm::rebuild()
{
    m_fields.clear();
    m_name = nullptr;
    m_inputs = nullptr;
    m_output = nullptr;
    m_shares = nullptr;
    // Fields may be in the midst of their own signal: they go when it is over.
    while (QLayoutItem* item = m_content->layout()->takeAt(0)) {
        if (item->widget()) {
            // Before anything else: hiding a field takes its focus, which would end an edit of what is gone.
            item->widget()->disconnect(this);
            for (QObject* child : item->widget()->findChildren<QObject*>())
                child->disconnect(this);
            item->widget()->hide();
            item->widget()->deleteLater();
            item->widget()->setObjectName("gone");
            for (QWidget* child : item->widget()->findChildren<QWidget*>())
                child->setObjectName("gone");
        }
        delete item;
    }
    auto* rows = new QWidget(m_content);
    m_grid = new QGridLayout(rows);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(3);
    m_grid->setColumnStretch(0, 1);
    m_content->layout()->addWidget(rows);
    static_cast<QVBoxLayout*>(m_content->layout())->addStretch(1);
}

QLabel* NodeForm::addRow(const QString& label, const QString& tooltip)
{
    auto* name = new QLabel(label, m_content);
    name->setProperty("role", "dim");
    name->setToolTip(tooltip);
    auto* value = new QLabel(m_content);
    value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    value->setToolTip(tooltip);
    const int row = m_grid->rowCount();
    m_grid->addWidget(name, row, 0);
    m_grid->addWidget(value, row, 1);
    m_grid->setRowMinimumHeight(row, 24);
    return value;
}

void NodeForm::addField(const QString& label, QWidget* field, const QString& tooltip)
{
    auto* name = new QLabel(label, m_content);
    name->setProperty("role", "dim");
    name->setToolTip(tooltip);
    name->setBuddy(field);
    field->setFixedWidth(fieldWidth);
    const int row = m_grid->rowCount();
    m_grid->addWidget(name, row, 0);
    m_grid->addWidget(field, row, 1, Qt::AlignRight);
}

void NodeForm::addButtons(const QString& deleteText, bool duplicate)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    if (duplicate) {
        auto* button = new QPushButton(tr("Duplicate"), m_content);
        button->setObjectName("duplicateButton");
        button->setToolTip(tr("Copies it beside itself (Ctrl+D)."));
        connect(button, &QPushButton::clicked, this, &NodeForm::duplicateRequested);
        row->addWidget(button);
    }
    auto* button = new QPushButton(deleteText, m_content);
    button->setObjectName("deleteButton");
    button->setToolTip(tr("Removes it; what stood on both sides is joined where that is plain (Delete)."));
    connect(button, &QPushButton::clicked, this, &NodeForm::deleteRequested);
    row->addWidget(button);
    row->addStretch(1);
    m_grid->addLayout(row, m_grid->rowCount(), 0, 1, 2);
}

void NodeForm::buildNode(const NodeSpec& node)
{
    rebuild();
    const LayerType* layer = findLayer(node.type);
    setTitle(QString::fromStdString(node.type));
    setToolTip(layer ? layerTip(node.type) : QString());

    m_name = new QLineEdit(m_content);
    m_name->setObjectName("nodeName");
    const QString nameHelp = tr("Its own name: letters, digits, _ and -. The weights are stored under it.");
    m_name->setToolTip(nameHelp);
    m_name->setAccessibleName(tr("Name"));
    m_name->setMaxLength(40);
    m_name->setValidator(new QRegularExpressionValidator(QRegularExpression("[A-Za-z0-9_-]*"), m_name));
    addField(tr("Name"), m_name, nameHelp);
    connect(m_name, &QLineEdit::editingFinished, this, [this] {
        const std::string to = m_name->text().toStdString();
        if (to == m_id)
            return;
        NetworkSpec network = m_network;
        if (!edits::rename(network, m_id, to)) {
            m_name->setText(QString::fromStdString(m_id));
            return;
        }
        const QString text = tr("Rename %1").arg(QString::fromStdString(m_id));
        emit edited(network, text, -1);
        emit renamed(to);
    });
    connect(m_name, &QLineEdit::textChanged, this, [this](const QString& text) {
        const std::string id = text.toStdString();
        const bool bad = id != m_id && (id.empty() || m_network.find(id));
        m_name->setProperty("invalid", bad);
        m_name->style()->unpolish(m_name);
        m_name->style()->polish(m_name);
    });

    for (ParamSpec spec : layer ? layer->params : std::vector<ParamSpec>()) {
        if (spec.type == ParamType::Name)
            for (const BlockSpec& block : m_network.blocks)
                spec.choices.push_back(block.name);
        auto* field = new ParamField(node.type, spec, m_content);
        addField(paramLabel(node.type, spec.name), field->widget(), paramHelp(node.type, spec.name));
        connect(field, &ParamField::changed, this, [this, name = spec.name](const nlohmann::json& value) {
            NetworkSpec network = m_network;
            edits::setParam(network, m_id, name, value);
            emit edited(network, tr("Set %1 of %2").arg(paramLabel(m_type, name), QString::fromStdString(m_id)),
                        mergeIdOf(m_id, name));
        });
        m_fields.push_back(field);
    }

    if (edits::holdsWeights(node.type))
        buildShares();
    if (!layer || layer->maxInputs != 0) {
        m_inputs = new QPushButton(m_content);
        m_inputs->setObjectName("inputsButton");
        m_inputs->setMenu(m_inputMenu);
        const QString help = tr("The layers it takes its values from. On the canvas: drag from a port to a port.");
        m_inputs->setToolTip(help);
        m_inputs->setAccessibleName(tr("Takes from"));
        m_inputs->setStyleSheet("QPushButton { padding: 0 20px 0 8px; }");
        addField(tr("Takes from"), m_inputs, help);
        m_inShape = addRow(tr("Input"), tr("Shape of what flows in; N is the number of rows in a batch."));
        m_inShape->setObjectName("inputShape");
    } else {
        m_inShape = nullptr;
    }
    m_outShape = addRow(tr("Output"), tr("Shape of what flows out; N is the number of rows in a batch."));
    m_outShape->setObjectName("outputShape");
    m_parameters = addRow(tr("Parameters"), tr("Numbers it learns."));
    m_parameters->setObjectName("nodeParameters");

    if (!layer || layer->maxInputs != 0) {
        m_output = new QCheckBox(tr("Gives the prediction"), m_content);
        m_output->setObjectName("outputCheck");
        m_output->setToolTip(tr("What this layer gives is the network's answer. Where several layers are marked, their values stand side by side."));
        m_grid->addWidget(m_output, m_grid->rowCount(), 0, 1, 2);
        connect(m_output, &QCheckBox::clicked, this, [this] {
            NetworkSpec network = m_network;
            if (std::erase(network.outputs, m_id) == 0)
                network.outputs.push_back(m_id);
            emit edited(network, m_output->isChecked() ? tr("Predict with %1").arg(QString::fromStdString(m_id))
                                                       : tr("Don't predict with %1").arg(QString::fromStdString(m_id)), -1);
        });
    }
    addButtons(tr("Delete"), true);
}

void NodeForm::buildShares()
{
    m_shares = new QComboBox(m_content);
    m_shares->setObjectName("sharesField");
    m_shares->setFocusPolicy(Qt::TabFocus); // the wheel scrolls the form
    const QString help = tr("A layer whose weights it uses instead of its own: both learn them together, and they count once. "
                            "Offered are layers of the same kind with weights of the same sizes.");
    m_shares->setToolTip(help);
    m_shares->setAccessibleName(tr("Weights of"));
    addField(tr("Weights of"), m_shares, help);
    connect(m_shares, &QComboBox::activated, this, [this](int index) {
        NetworkSpec network = m_network;
        NodeSpec* node = network.find(m_id);
        const QString owner = m_shares->itemData(index).toString(), id = QString::fromStdString(m_id);
        if (!node || node->shares == owner.toStdString())
            return;
        node->shares = owner.toStdString();
        emit edited(network, owner.isEmpty() ? tr("Give %1 its own weights").arg(id) : tr("Use the weights of %1 in %2").arg(owner, id), -1);
    });
}

void NodeForm::showOwners(const NodeSpec& node, const NetworkAnalysis& analysis)
{
    std::vector<std::string> owners = edits::weightOwners(m_network, analysis, node.id);
    if (!node.shares.empty() && std::find(owners.begin(), owners.end(), node.shares) == owners.end())
        owners.push_back(node.shares); // it fits no more: the problems say so
    QStringList texts{tr("its own")}, ids{QString()};
    for (const std::string& owner : owners) {
        texts << QString::fromStdString(owner);
        ids << texts.back();
    }
    QStringList now;
    for (int i = 0; i < m_shares->count(); ++i)
        now << m_shares->itemText(i);
    if (now != texts) {
        m_shares->clear();
        for (qsizetype i = 0; i < texts.size(); ++i)
            m_shares->addItem(texts[i], ids[i]);
    }
    m_shares->setCurrentIndex(static_cast<int>(ids.indexOf(QString::fromStdString(node.shares))));
    m_shares->setEnabled(texts.size() > 1);
}

void NodeForm::refresh(const NodeSpec& node, const NetworkAnalysis& analysis)
{
    setSubtitle(QString::fromStdString(node.id));
    updateGeometry();
    if (!m_name->hasFocus() || !m_name->isModified()) {
        const QSignalBlocker quiet(m_name);
        m_name->setText(QString::fromStdString(node.id));
    }
    if (const LayerType* layer = findLayer(node.type))
        for (ParamField* field : m_fields)
            field->show(paramValue(layer->params, node.params, field->spec().name));
    if (m_shares)
        showOwners(node, analysis);
    if (m_inputs) {
        QStringList names;
        for (const std::string& input : node.inputs)
            names << QString::fromStdString(input);
        const QString text = names.isEmpty() ? tr("nothing yet") : names.join(", ");
        m_inputs->setText(m_inputs->fontMetrics().elidedText(text, Qt::ElideRight, fieldWidth - 32));
    }
    if (m_inShape)
        m_inShape->setText(node.inputs.empty() ? QString("–") : inputText(node, m_network, analysis));
    m_outShape->setText(outputText(node, analysis));
    const NodeAnalysis* own = analysisOf(analysis, node.id);
    m_parameters->setText(own && own->valid ? countText(own->cost.parameters) : QString("–"));
    if (m_output) {
        m_output->setChecked(m_network.isOutput(node.id));
        m_output->setEnabled(m_network.outputs.size() != 1 || !m_network.isOutput(node.id));
    }
}

void NodeForm::fillInputs()
{
    m_inputMenu->clear();
    const NodeSpec* node = m_network.find(m_id);
    if (!node)
        return;
    for (const std::string& id : edits::readingOrder(m_network)) {
        const bool wired = std::find(node->inputs.begin(), node->inputs.end(), id) != node->inputs.end();
        if (!wired && !edits::canConnect(m_network, id, m_id))
            continue;
        QAction* action = m_inputMenu->addAction(QString::fromStdString(id));
        action->setCheckable(true);
        action->setChecked(wired);
        connect(action, &QAction::triggered, this, [this, id, wired] {
            NetworkSpec network = m_network;
            const QString from = QString::fromStdString(id), to = QString::fromStdString(m_id);
            if (wired)
                edits::disconnect(network, id, m_id);
            else
                edits::connect(network, id, m_id);
            emit edited(network, wired ? tr("Unwire %1 from %2").arg(from, to) : tr("Wire %1 to %2").arg(from, to), -1);
        });
    }
}

} // namespace limpid
