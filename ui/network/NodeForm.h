#pragma once

#include "core/model/NetworkSpec.h"
#include "ui/widgets/Card.h"

#include <memory>
#include <string>
#include <vector>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;

namespace limpid {

class ParamField;

/// The card at the right: what is selected on the canvas, and everything about it that can be set.
class NodeForm : public Card
{
    Q_OBJECT
public:
    explicit NodeForm(QWidget* parent = nullptr);

    /// `nodes` and `edges`: what is selected. Fields of the same node stay, so that typing goes on.
    void show(const NetworkSpec& network, const NetworkAnalysis& analysis, const std::vector<std::string>& nodes,
              const std::vector<std::pair<std::string, std::string>>& edges);

    /// To the first thing that can be set, with the keyboard.
    void begin();
    QSize sizeHint() const override;   ///< as high as its rows

signals:
    void edited(const limpid::NetworkSpec& network, const QString& text, int mergeId);
    void renamed(const std::string& id);     ///< after the edit: what to select
    void deleteRequested();
    void duplicateRequested();
    void left();                             ///< Enter or Esc: back to the canvas

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void rebuild();
    void buildNode(const NodeSpec& node);
    void buildShares();
    void showOwners(const NodeSpec& node, const NetworkAnalysis& analysis);
    void refresh(const NodeSpec& node, const NetworkAnalysis& analysis);
    void fillInputs();
    QLabel* addRow(const QString& label, const QString& tooltip = {});
    void addField(const QString& label, QWidget* field, const QString& tooltip);
    void addButtons(const QString& deleteText, bool duplicate);

    NetworkSpec m_network;
    std::string m_id, m_type;         ///< of the node the form stands for
    QString m_shown;                  ///< what the rows were built for
    QWidget* m_content = nullptr;
    QGridLayout* m_grid = nullptr;
    QLineEdit* m_name = nullptr;
    QPushButton* m_inputs = nullptr;
    QMenu* m_inputMenu = nullptr;
    QCheckBox* m_output = nullptr;
    QComboBox* m_shares = nullptr;
    QLabel* m_inShape = nullptr;
    QLabel* m_outShape = nullptr;
    QLabel* m_parameters = nullptr;
    std::vector<ParamField*> m_fields;
};

} // namespace limpid
